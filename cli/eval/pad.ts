/** `gatehouse eval pad`: error rates of presentation attack detection on labelled presentations (ISO/IEC 30107-3). */
import '../../server/core/native/libraries.ts';
import { resolve } from 'node:path';
import {
  padDetPlot,
  type PadRate,
  padReport,
  ratesAtLevels,
} from '../../biometrics/evaluate/mod.ts';
import {
  livenessDetectors,
  padCalibrationOf,
  rateLiveness,
  verdictsOf,
} from '../../biometrics/liveness/mod.ts';
import { FaceError } from '../../biometrics/mod.ts';
import { createOnnxLoader } from '../../biometrics/runtime/network.ts';
import { openPack } from '../../models/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { choosePack } from '../pack-choice.ts';
import { measureFolder } from './pad-measure.ts';
import { countTable, reportTables } from './pad-tables.ts';
import { reportProgress, reportShare } from '../progress.ts';

export const help = `Usage: gatehouse eval pad --data DIR [options]

Error rates of liveness detection after ISO/IEC 30107-3: BPCER at fixed APCER, equal error rate, and
APCER of each species at the thresholds of the calibrated levels, each with its 95 % interval.

DIR holds bonafide/ and attack/<species>/. Each entry is a picture, or a folder with the frames of one
presentation. A name up to its first dot, without a number at its end, names the person:
"First_Last_0001.print.jpg" is First_Last. What cannot be read is named on stderr and takes no part,
nor does what shows no face; both are counted. JSON has the scores of every presentation as well.

  --data DIR     the presentations
  --det FILE     draw the detection error trade-off curves here (SVG)
  --pack PATH    a model pack instead of the one in use
  --json         one JSON object instead of text
`;

/** With fewer, drawing people again gives much the same ones every time; cross-validation needs as many. */
const FEW_PEOPLE = 5;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { data: TEXT, det: TEXT, pack: TEXT, json: FLAG }, 0);
  if (values.data === undefined) throw new UsageError('eval pad needs --data DIR');
  const { path, trust } = await choosePack(values.pack, reportProgress(io));
  const pack = await openPack(path, trust);
  const calibration = await padCalibrationOf(pack);
  const detectors = await livenessDetectors(pack, createOnnxLoader(pack));
  const folder = resolve(values.data);
  const { samples, bonaFide, species, withoutFace, unreadable } = await measureFolder(
    folder,
    path,
    pack,
    io,
  );
  const people = new Set(samples.map(({ person }) => person)).size;
  const attacks = samples.length - bonaFide.judged;
  if (bonaFide.judged === 0 || attacks === 0) {
    throw new FaceError(
      'CALIBRATION_INVALID',
      `${folder}: ${bonaFide.judged} bona fide and ${attacks} attack presentations could be judged; ` +
        'both kinds are needed',
    );
  }
  if (people < FEW_PEOPLE) {
    io.stderr(
      `the names tell ${people} people apart, too few for intervals over people to mean much; ` +
        'see "gatehouse eval pad --help" on names\n',
    );
  }

  const scores = samples.map(({ species: kind, person, file, measured }) => {
    const verdicts = verdictsOf(calibration, detectors, measured);
    return {
      file,
      species: kind,
      person,
      score: rateLiveness(calibration, verdicts).score,
      detectors: Object.fromEntries(verdicts.map(({ detector, score }) => [detector, score])),
    };
  });
  // a veto answers yes or no, and shows in the fused system
  const systems = calibration.detectors.map(({ id }) => ({
    label: id,
    scores: scores.filter(({ detectors }) => Object.hasOwn(detectors, id))
      .map((row) => ({ ...row, score: row.detectors[id] })),
  }));
  systems.push({ label: 'fused', scores });
  const title = `PAD on ${values.data}, ${pack.manifest.name} ${pack.manifest.version}`;
  if (values.det !== undefined) await Bun.write(values.det, padDetPlot(title, systems));

  const progress = reportShare(io, 'intervals');
  const reports = systems.map((system, i) => {
    const report = padReport(system.label, system.scores);
    progress(i + 1, systems.length);
    return report;
  });
  const levels = ratesAtLevels(scores, calibration.levels);
  if (values.json) {
    const { data, run } = calibration;
    io.stdout(
      JSON.stringify({
        people,
        bonaFide,
        species,
        withoutFace,
        unreadable,
        calibratedOn: { ...data, run },
        systems: reports,
        levels,
        scores,
      }) + '\n',
    );
    return EXIT.ok;
  }
  io.stdout(
    `${bonaFide.judged} bona fide and ${attacks} attack presentations of ${people} people\n` +
      `calibrated on ${calibration.data.attacks} attacks: ${calibration.data.name}\n\n`,
  );
  io.stdout(countTable(bonaFide, species) + '\n');
  io.stdout(reportTables(reports));
  const names = Object.keys(levels.find(({ rates }) => rates !== null)?.rates?.species ?? {});
  io.stdout(
    '\nAt the thresholds of the calibrated levels, %\n' + table([
      ['level', ...names.map((name) => `APCER ${name}`), 'APCER, the worst', 'BPCER', ''],
      ...levels.map(({ level, rates }, i) => [
        level,
        ...names.map((name) => rates === null ? '-' : share(rates.species[name])),
        rates === null ? '-' : share(rates.apcer),
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
