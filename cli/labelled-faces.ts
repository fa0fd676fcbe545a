/** Templates of a folder of labelled pictures: what calibration and evaluation of the matcher start from. */
import type { LabelledVector } from '../biometrics/evaluate/mod.ts';
import type { FaceWorkerInit } from '../server/core/face/pool.ts';
import type { CommandIo } from './command.ts';
import { analyseAll, type LabelledPicture, listPictures } from './labelled-pictures.ts';
import { reportShare } from './progress.ts';

export type LabelledFace = LabelledPicture & LabelledVector;

/** Templates of every picture below `folder`/<person>/. */
export async function extractAll(folder: string, init: FaceWorkerInit, io: CommandIo) {
  const files = await listPictures(folder);
  const faces: (LabelledFace | undefined)[] = [];
  await analyseAll(
    init,
    files.length,
    false,
    async (n) => ({ image: await Bun.file(files[n].path).bytes(), name: files[n].path }),
    (n, analysis) => {
      faces[n] = analysis && { ...files[n], vector: analysis.template.vector };
    },
    reportShare(io, 'templates'),
  );
  const found = faces.filter((face) => face !== undefined);
  return { faces: found, images: files.length, withoutFace: files.length - found.length };
}
