/** Templates of a folder of labelled pictures: what calibration and evaluation of the matcher start from. */
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { LabelledVector } from '../biometrics/evaluate/mod.ts';
import { FaceError } from '../biometrics/mod.ts';
import { createFacePool, type FaceWorkerInit } from '../server/core/face/pool.ts';
import type { CommandIo } from './command.ts';
import { reportShare } from './progress.ts';

export interface LabelledFace extends LabelledVector {
  /** File name without its ending, as pair lists name it. */
  readonly file: string;
}

/** Templates of every picture below `folder`/<person>/, with two pictures per worker under way. */
export async function extractAll(folder: string, init: FaceWorkerInit, io: CommandIo) {
  const files: { identity: string; file: string; path: string }[] = [];
  for (const person of (await readdir(folder, { withFileTypes: true })).toSorted(byName)) {
    if (!person.isDirectory()) continue;
    for (const file of (await readdir(join(folder, person.name))).toSorted()) {
      const name = file.replace(/\.[^.]+$/, '');
      files.push({ identity: person.name, file: name, path: join(folder, person.name, file) });
    }
  }
  const workers = availableParallelism();
  const pool = createFacePool({ ...init, workers, queueLimit: 2 * workers });
  await pool.start();
  const report = reportShare(io, 'templates');
  const faces = new Array<LabelledFace | undefined>(files.length);
  let next = 0, done = 0;
  const lane = async () => {
    while (next < files.length) {
      const i = next++;
      const { identity, file, path } = files[i];
      try {
        const image = await Bun.file(path).bytes();
        const { result } = await pool.submit({ image }, AbortSignal.timeout(60_000), [
          image.buffer,
        ]);
        faces[i] = { identity, file, vector: result.template.vector };
      } catch (error) {
        if (!(error instanceof FaceError)) throw error;
        if (error.code !== 'NO_FACE') throw new FaceError(error.code, `${path}: ${error.message}`);
      }
      report(++done, files.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: 2 * workers }, lane));
  } finally {
    pool.close();
  }
  const found = faces.filter((face) => face !== undefined);
  return { faces: found, images: files.length, withoutFace: files.length - found.length };
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
