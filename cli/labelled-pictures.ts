/** Folders of labelled pictures, and running all of them through the face workers. */
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { FaceError } from '../biometrics/mod.ts';
import type { FaceAnalysis } from '../biometrics/types.ts';
import { createFacePool, type FaceWorkerInit } from '../server/core/face/pool.ts';

export interface LabelledPicture {
  /** Name of the person's folder. */
  readonly identity: string;
  /** File name without its ending, as pair lists name it. */
  readonly file: string;
  readonly path: string;
}

/** The files of `folder`/<person>/, in the order of their names. */
export async function listPictures(folder: string): Promise<LabelledPicture[]> {
  const pictures: LabelledPicture[] = [];
  const byName = (a: { name: string }, b: { name: string }) => a.name < b.name ? -1 : 1;
  for (const person of (await readdir(folder, { withFileTypes: true })).toSorted(byName)) {
    if (!person.isDirectory()) continue;
    for (const file of (await readdir(join(folder, person.name))).toSorted()) {
      const name = file.replace(/\.[^.]+$/, '');
      pictures.push({ identity: person.name, file: name, path: join(folder, person.name, file) });
    }
  }
  return pictures;
}

/**
 * Analyses `count` pictures, two per worker under way.
 * @param measure take the native quality measures as well
 * @param read the file of the n-th picture
 * @param take what to do with the result, in no particular order; undefined when it shows no face
 * @throws FaceError naming the picture
 */
export async function analyseAll(
  init: FaceWorkerInit,
  count: number,
  measure: boolean,
  read: (n: number) => Promise<{ readonly image: Uint8Array<ArrayBuffer>; readonly name: string }>,
  take: (n: number, analysis: FaceAnalysis | undefined) => void,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const workers = availableParallelism();
  const pool = createFacePool({ ...init, workers, queueLimit: 2 * workers });
  await pool.start();
  let next = 0, done = 0;
  const lane = async () => {
    while (next < count) {
      const n = next++;
      const { image, name } = await read(n);
      try {
        const signal = AbortSignal.timeout(60_000);
        take(n, (await pool.analyse(image, { measure }, signal)).result);
      } catch (error) {
        if (!(error instanceof FaceError)) throw error;
        if (error.code !== 'NO_FACE') throw new FaceError(error.code, `${name}: ${error.message}`);
        take(n, undefined);
      }
      onProgress(++done, count);
    }
  };
  try {
    await Promise.all(Array.from({ length: 2 * workers }, lane));
  } finally {
    pool.close();
  }
}
