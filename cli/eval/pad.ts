/** `gatehouse eval pad`: error rates of presentation attack detection on labelled presentations (ISO/IEC 30107-3). */
import '../../server/core/native/libraries.ts';
import { resolve } from 'node:path';
import {
  padDetPlot,
  type PadRate,
  padReport,
  ratesAtLevels,
  type ScoredPresentation,
} from '../../biometrics/evaluate/mod.ts';
import {
  livenessDetectors,
  padCalibrationOf,
  rateLiveness,
  verdictsOf,
} from '../../biometrics/liveness/mod.ts';
import { createOnnxLoader } from '../../biometrics/runtime/network.ts';
import { openPack } from '../../models/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { choosePack } from '../pack-choice.ts';
import { measureFolder } from './pad-measure.ts';
import { reportTables } from './pad-tables.ts';
import { reportProgress } from '../progress.ts';

export const help = `Usage: gatehouse eval pad --data DIR [options]

Error rates of liveness detection after ISO/IEC 30107-3: BPCER at fixed APCER, equal error rate, and
APCER of each species at the thresholds of the calibrated levels, each with its 95 % interval.

DIR holds bonafide/ and attack/<species>/. Each entry is a picture, or a folder with the frames of one
presentation. A name up to its first dot, without a number at its end, names the person:
"First_Last_0001.print.jpg" is First_Last.

  --data DIR     the presentations
  --det FILE     draw the detection error trade-off curves here (SVG)
  --pack PATH    a model pack instead of the one in use
  --json         one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { data: TEXT, det: TEXT, pack: TEXT, json: FLAG }, 0);
  if (values.data === undefined) throw new UsageError('eval pad needs --data DIR');
  const { path, trust } = await choosePack(values.pack, reportProgress(io));
  const pack = await openPack(path, trust);
  const calibration = await padCalibrationOf(pack);
  const detectors = await livenessDetectors(pack, createOnnxLoader(pack));
  const { samples, withoutFace } = await measureFolder(resolve(values.data), path, pack, io);

  const fused: ScoredPresentation[] = [];
  const alone = new Map<string, ScoredPresentation[]>(
    calibration.detectors.map(({ id }) => [id, []]),
  );
  for (const { species, person, measured } of samples) {
    const verdicts = verdictsOf(calibration, detectors, measured);
    for (const { detector, score } of verdicts) {
      // a veto answers yes or no, and shows in the fused system
      alone.get(detector)?.push({ species, person, score });
    }
    fused.push({ species, person, score: rateLiveness(calibration, verdicts).score });
  }
  const systems = [...alone].map(([label, scores]) => ({ label, scores }));
  systems.push({ label: 'fused', scores: fused });
  const title = `PAD on ${values.data}, ${pack.manifest.name} ${pack.manifest.version}`;
  if (values.det !== undefined) await Bun.write(values.det, padDetPlot(title, systems));

  const reports = systems.map(({ label, scores }) => padReport(label, scores));
  const levels = ratesAtLevels(fused, calibration.levels);
  if (values.json) {
    const { data, run } = calibration;
    io.stdout(
      JSON.stringify({ withoutFace, calibratedOn: { ...data, run }, systems: reports, levels }) +
        '\n',
    );
    return EXIT.ok;
  }
  const bonaFide = samples.filter(({ species }) => species === null).length;
  io.stdout(
    `${bonaFide} bona fide and ${
      samples.length - bonaFide
    } attack presentations; without a face: ` +
      `${withoutFace.bonaFide} and ${withoutFace.attack}, which take no part\n` +
      `calibrated on ${calibration.data.attacks} attacks: ${calibration.data.name}\n\n`,
  );
  io.stdout(reportTables(reports));
  const species = Object.keys(levels.find(({ rates }) => rates !== null)?.rates?.species ?? {});
  io.stdout(
    '\nAt the thresholds of the calibrated levels, %\n' + table([
      ['level', ...species.map((name) => `APCER ${name}`), 'BPCER', ''],
      ...levels.map(({ level, rates }, i) => [
        level,
        ...species.map((name) => rates === null ? '-' : share(rates.species[name])),
        rates === null ? '-' : share(rates.bpcer),
        calibration.levels[i].supported ? '' : 'not supported',
      ]),
    ]),
  );
  return EXIT.ok;
}

function share({ rate, interval }: PadRate): string {
  const percent = (v: number) => (100 * v).toFixed(1);
  return `${percent(rate)} (${percent(interval[0])}-${percent(interval[1])})`;
}
