/** `gatehouse eval quality`: the error-versus-discard curve of the quality score over labelled pictures. */
import '../../server/core/native/libraries.ts';
import { basename, resolve } from 'node:path';
import { edcPlot } from '../../biometrics/evaluate/mod.ts';
import { FaceError } from '../../biometrics/mod.ts';
import type { ScoreModel } from '../../biometrics/quality/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import {
  type FaceEngine,
  matchCalibration,
  openFaceEngine,
  qualityCalibration,
} from '../face-engine.ts';
import { listPictures } from './labelled-pictures.ts';
import { choosePack } from '../pack-choice.ts';
import { reportProgress } from '../progress.ts';
import { measurePictures } from './quality-evaluation.ts';
import { reportQuality, SHARES } from './quality-report.ts';

export const help = `Usage: gatehouse eval quality --images DIR [options]

Says what the quality score is worth: how many genuine comparisons still fail when the pictures of
lowest score are rejected, and how the score takes to pictures that are spoilt on purpose. The
"unified score" is fitted on the other half of the people; the "score of the pack" is the one in
use. DIR holds one folder per person.

  --images DIR  the pictures
  --name NAME   what the data are called in the calibration; default the folder's name
  --fmr RATE    false match rate of the threshold; one of the matcher's working points, default 0.001
  --edc FILE    draw the error-versus-discard curve here (SVG)
  --out FILE    write the calibration, fitted on all people, here (JSON)
  --pack PATH   a model pack instead of the default one
  --json        one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    images: TEXT,
    name: TEXT,
    fmr: { type: 'string', default: '0.001' },
    edc: TEXT,
    out: TEXT,
    pack: TEXT,
    json: FLAG,
  }, 0);
  if (values.images === undefined) throw new UsageError('quality needs --images DIR');
  const folder = resolve(values.images);
  const engine = await openFaceEngine(io, values.pack);
  const match = await matchCalibration(engine);
  const fmr = Number(values.fmr);
  if (!match.points.some((point) => point.fmr === fmr)) {
    throw new UsageError(`--fmr is one of ${match.points.map((point) => point.fmr).join(', ')}`);
  }
  const { path } = await choosePack(values.pack, reportProgress(io));
  const { modelId } = engine.pipeline;
  const pictures = await measurePictures(
    await listPictures(folder),
    { packPath: path, packId: engine.pack.id, modelId },
    io,
  );
  const dataName = values.name ?? basename(folder);
  const inUse = await scoreOfPack(engine);
  const report = reportQuality(pictures, { dataName, modelId, match, fmr, inUse });
  const { calibration, curves, faults, lost } = report;
  if (values.out !== undefined) {
    await Bun.write(values.out, JSON.stringify(calibration, null, 2) + '\n');
  }
  if (values.edc !== undefined) {
    const title = `Error versus discard on ${dataName}, FMR ${fmr}`;
    await Bun.write(values.edc, edcPlot(title, report.drawn));
  }

  const { unreadable } = pictures;
  const all = { calibration, fmr, unreadable, curves, faults, lost };
  if (values.json) io.stdout(JSON.stringify(all) + '\n');
  else {
    const { data } = calibration;
    const percent = (value: number) => (100 * value).toFixed(2);
    io.stdout(
      `${dataName}: ${data.images} pictures, ${data.withoutFace} without a face, ${unreadable} more unreadable, ` +
        `${data.identities} people, ${data.genuinePairs} genuine pairs; FNMR at FMR ${fmr}\n\n`,
    );
    io.stdout(table([
      ['FNMR % when rejected', ...SHARES.map((share) => `${Math.round(100 * share)} %`)],
      ...curves.map(({ label, points }) => [label, ...points.map(({ fnmr }) => percent(fnmr))]),
      ['lost / pairs', ...curves[0].points.map((p) => `${p.nonMatches}/${p.pairs}`)],
      ['score from', ...curves[0].points.map((p) => Math.max(0, p.minQuality).toFixed(1))],
    ]));
    io.stdout(
      '\n' + table([
        ['spoilt', 'severity', 'pictures', 'mean score', 'FNMR %'],
        ...faults.map(({ fault, severity, pictures: count, meanScore, fnmr: rate }) => [
          fault,
          severity,
          String(count),
          meanScore.toFixed(1),
          percent(rate),
        ]),
      ]),
    );
    const without = Object.entries(lost).map(([fault, count]) => `${fault} ${count}`).join(', ');
    io.stdout(`\nno face found any more: ${without === '' ? 'none' : without}\n`);
  }
  return EXIT.ok;
}

/** The score in use; none when the pack has no calibration, or one for other networks. */
async function scoreOfPack(engine: FaceEngine): Promise<ScoreModel | undefined> {
  try {
    return (await qualityCalibration(engine)).score;
  } catch (error) {
    if (error instanceof FaceError) return undefined;
    throw error;
  }
}
