/** Templates of a folder of labelled pictures: what calibration and evaluation of the matcher start from. */
import type { LabelledVector } from '../../biometrics/evaluate/mod.ts';
import type { FaceWorkerInit } from '../../server/core/face/pool.ts';
import type { CommandIo } from '../command.ts';
import { analyseAll, type LabelledPicture, listPictures, ownBytes } from './labelled-pictures.ts';

export type LabelledFace = LabelledPicture & LabelledVector;

/** Templates of every picture below `folder`/<person>/; `images` are those that could be read. */
export async function extractAll(folder: string, init: FaceWorkerInit, io: CommandIo) {
  const files = await listPictures(folder);
  const faces: (LabelledFace | undefined)[] = [];
  const paths = files.map(({ path }) => path);
  const unreadable = await analyseAll(
    init,
    paths,
    false,
    (n) => ownBytes(paths[n]),
    (n, analysis) => {
      faces[n] = analysis && { ...files[n], vector: analysis.template.vector };
    },
    io,
    'templates',
  );
  const found = faces.filter((face) => face !== undefined);
  const images = files.length - unreadable;
  return { faces: found, images, withoutFace: images - found.length, unreadable };
}
