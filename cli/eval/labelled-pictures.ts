/** Folders of labelled pictures, and running all of them through the face workers. */
import { availableParallelism } from 'node:os';
import { FaceError } from '../../biometrics/mod.ts';
import type { FaceAnalysis } from '../../biometrics/types.ts';
import type { CommandIo } from '../command.ts';
import { readPictureFile } from '../picture-file.ts';
import { reportShare } from '../progress.ts';
import { createFacePool, type FaceWorkerInit } from '../../server/core/face/pool.ts';
import { entriesOf } from './folders.ts';
import { noteUnreadable } from './unreadable.ts';

export interface LabelledPicture {
  /** Name of the person's folder. */
  readonly identity: string;
  /** File name without its ending, as pair lists name it. */
  readonly file: string;
  readonly path: string;
}

/**
 * The files of `folder`/<person>/, in the order of their names.
 * @throws FaceError CALIBRATION_INVALID for a folder below a person's; the system's own error
 */
export async function listPictures(folder: string): Promise<LabelledPicture[]> {
  const pictures: LabelledPicture[] = [];
  for (const person of await entriesOf(folder)) {
    if (!person.isFolder) continue;
    for (const { name, path, isFolder } of await entriesOf(person.path)) {
      if (isFolder) {
        throw new FaceError(
          'CALIBRATION_INVALID',
          `${path}: lies too deep; the pictures of a person are in one folder, called after the person`,
        );
      }
      pictures.push({ identity: person.name, file: name.replace(/\.[^.]+$/, ''), path });
    }
  }
  return pictures;
}

/**
 * Analyses pictures, two per worker under way.
 * @param paths their files, as they are called on stderr
 * @param measure take the native quality measures as well
 * @param read the bytes of the n-th picture, in a buffer of their own
 * @param take what to do with the result, in no particular order; undefined when it shows no face; not called
 *   for a picture that cannot be read
 * @returns how many pictures could not be read; each is named on stderr
 */
export async function analyseAll(
  init: FaceWorkerInit,
  paths: readonly string[],
  measure: boolean,
  read: (n: number) => Promise<Uint8Array<ArrayBuffer>>,
  take: (n: number, analysis: FaceAnalysis | undefined) => void,
  io: CommandIo,
  label: string,
): Promise<number> {
  const workers = availableParallelism();
  const pool = createFacePool({ ...init, workers, queueLimit: 2 * workers });
  await pool.start();
  const onProgress = reportShare(io, label);
  let next = 0, done = 0, unreadable = 0;
  const lane = async () => {
    while (next < paths.length) {
      const n = next++;
      try {
        const image = await read(n);
        const signal = AbortSignal.timeout(60_000);
        take(n, (await pool.analyse(image, { measure }, signal)).result);
      } catch (error) {
        if (error instanceof FaceError && error.code === 'NO_FACE') take(n, undefined);
        else {
          noteUnreadable(io, paths[n], error);
          unreadable++;
        }
      }
      onProgress(++done, paths.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: 2 * workers }, lane));
  } finally {
    pool.close();
  }
  return unreadable;
}

/** The bytes of a picture's file, to be moved to a worker. */
export async function ownBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readPictureFile(path));
}
