/** `gatehouse eval match`: error rates of the matcher at its calibrated thresholds, on labelled pictures. */
import '../../server/core/native/libraries.ts';
import { resolve } from 'node:path';
import {
  clopperPearson,
  compareAll,
  falseMatchesAt,
  fnmrAt,
  fnmrIntervals,
} from '../../biometrics/evaluate/mod.ts';
import { FaceError } from '../../biometrics/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { matchCalibration, openFaceEngine } from '../face-engine.ts';
import { extractAll } from './labelled-faces.ts';
import { choosePack } from '../pack-choice.ts';
import { reportProgress, reportShare } from '../progress.ts';

export const help = `Usage: gatehouse eval match --images DIR [options]

Compares every picture of a folder with every other and counts errors at the thresholds of the pack's
calibration: what "gatehouse models calibrate" would set is not asked, only how the set ones do.
DIR holds one folder per person with that person's pictures. Every person counts the same in the FNMR; its
intervals are over people, those of the FMR take all pairs for independent.

  --images DIR   the pictures
  --pack PATH    a model pack instead of the one in use
  --json         one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { images: TEXT, pack: TEXT, json: FLAG }, 0);
  if (values.images === undefined) throw new UsageError('eval match needs --images DIR');
  const { path } = await choosePack(values.pack, reportProgress(io));
  const engine = await openFaceEngine(io, path);
  const calibration = await matchCalibration(engine);
  const { modelId } = engine.pipeline;
  const init = { packPath: path, packId: engine.pack.id, modelId };
  const { faces, images, withoutFace, unreadable } = await extractAll(
    resolve(values.images),
    init,
    io,
  );
  const compare = reportShare(io, 'comparing');
  const histogram = compareAll(faces, (share) => compare(share, 1));
  const { impostorPairs, genuinePairs, people } = histogram;
  if (impostorPairs === 0 || genuinePairs === 0) {
    throw new FaceError(
      'CALIBRATION_INVALID',
      `${genuinePairs} genuine and ${impostorPairs} impostor pairs: both kinds are needed`,
    );
  }

  const fnmrInterval = fnmrIntervals(faces, calibration.points.map(({ threshold }) => threshold));
  const points = calibration.points.map(({ fmr, threshold }, i) => {
    const falseMatches = falseMatchesAt(histogram, threshold);
    return {
      nominalFmr: fmr,
      threshold,
      falseMatches,
      fmr: falseMatches / impostorPairs,
      fmrInterval: clopperPearson(falseMatches, impostorPairs),
      fnmr: fnmrAt(histogram, threshold),
      fnmrInterval: fnmrInterval[i],
    };
  });
  const data = { images, withoutFace, unreadable, people, genuinePairs, impostorPairs };
  if (values.json) {
    io.stdout(JSON.stringify({ data, modelId, points }) + '\n');
    return EXIT.ok;
  }
  const percent = (value: number) => (100 * value).toFixed(2);
  io.stdout(
    `${images} pictures, ${withoutFace} without a face, ${unreadable} more unreadable, ${people} people with several; ` +
      `${genuinePairs} genuine and ${impostorPairs} impostor pairs; model ${modelId}\n\n`,
  );
  io.stdout(table([
    ['set for FMR', 'threshold', 'false matches', 'FMR, 95 % interval', 'FNMR %, 95 % interval'],
    ...points.map((point) => [
      point.nominalFmr.toExponential(),
      point.threshold.toFixed(5),
      String(point.falseMatches),
      `${point.fmr.toExponential(1)} (${
        point.fmrInterval.map((v) => v.toExponential(1)).join(' to ')
      })`,
      `${percent(point.fnmr)} (${point.fnmrInterval.map(percent).join('-')})`,
    ]),
  ]));
  return EXIT.ok;
}
