/**
 * How well the sequence detectors tell heads from pictures: rendered heads and prints of people, and real
 * videos where a folder of them is given. Prints tables; with --calibrate it also sets the thresholds, from
 * people who are not in the tables.
 */
import '../server/core/native/libraries.ts';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  SEQUENCE_CALIBRATION,
  type SequenceCalibration,
} from '../biometrics/liveness/sequence/calibration.ts';
import { blinking, calibrateBlinks, printBlinks } from './pad-sequences/blinks.ts';
import { bursts, printBursts } from './pad-sequences/bursts.ts';
import { filmAll } from './pad-sequences/crew.ts';
import {
  calibrateMicroMotion,
  heldPrints,
  printMicroMotion,
} from './pad-sequences/micro-motion.ts';
import {
  calibrateRigidity,
  ERROR_RATE,
  LARGE,
  moved,
  printRigidity,
  SMALL,
} from './pad-sequences/rigidity.ts';
import { choosePeople, openStudio, type Person, readVideos } from './pad-sequences/studio.ts';
import {
  calibratePulse,
  type Film,
  loopRatios,
  microMotionConfidence,
  printColourResponses,
  printLiving,
  printLoops,
  printPulses,
  printSpeed,
  pulseless,
  ratiosOf,
  watchAll,
} from './pad-sequences/videos.ts';

const CALIBRATION_FILE = 'biometrics/liveness/sequence/calibration.json';
/** Seconds of each video that are looked at. */
const VIDEO_SECONDS = 24;

interface Cast {
  /** Twice `few`; thresholds come from them and no table shows them. */
  readonly own: readonly Person[];
  /** Twice `count`; the first half are heads, the second prints. */
  readonly others: readonly Person[];
  readonly count: number;
  readonly few: number;
}

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      images: {
        type: 'string',
        default: join(import.meta.dir, '../../shared/data/faces/lfw-view1/images'),
      },
      name: { type: 'string', default: 'LFW deep-funneled, View 1, first picture of each person' },
      people: { type: 'string', default: '100' },
      videos: { type: 'string' },
      calibrate: { type: 'boolean', default: false },
    },
  });
  const count = Number(values.people), few = Math.ceil(count * 0.3);
  const people = await choosePeople(values.images, 2 * count + 2 * few);
  const cast: Cast = { own: people.slice(0, 2 * few), others: people.slice(2 * few), count, few };
  const films = values.videos === undefined
    ? undefined
    : await watchAll(await openStudio(), await readVideos(values.videos, VIDEO_SECONDS));
  const calibration = structuredClone(SEQUENCE_CALIBRATION);
  const wanted = (part: string) => positionals.length === 0 || positionals.includes(part);
  const parts = [
    ['rigidity', rigidity],
    ['blinks', blinks],
    ['micro-motion', microMotion],
    ['pulse', pulse],
    ['videos', videos],
    ['bursts', shortBursts],
  ] as const;
  for (const [name, part] of parts) {
    if (wanted(name)) await part(cast, films, calibration, values.calibrate);
  }
  if (values.calibrate) {
    const videoNames = (films ?? []).map(({ name }) => `video ${name}`);
    await store({
      data: {
        name: [values.name, ...videoNames].join(', '),
        bonaFide: few,
        attacks: few,
      },
      run: {
        date: new Date().toISOString().slice(0, 10),
        command: `npm run bench -- ${
          ['pad-sequences', ...positionals].join(' ')
        } --people ${count} --calibrate${films === undefined ? '' : ' --videos FOLDER'}`,
      },
    });
  }
}

type Part = (
  cast: Cast,
  films: readonly Film[] | undefined,
  calibration: SequenceCalibration,
  calibrate: boolean,
) => Promise<void>;

const rigidity: Part = async ({ own, others, count, few }, _, calibration, calibrate) => {
  if (calibrate) {
    const heads = moved(own.slice(0, few), 'head', SMALL);
    const jobs = [...heads, ...moved(own.slice(few), 'flat', LARGE)];
    calibration.rigidity = calibrateRigidity(await filmAll(jobs));
    await store({ rigidity: calibration.rigidity });
  }
  const prints = others.slice(count);
  const takes = await filmAll([
    ...moved(others.slice(0, count), 'head'),
    ...moved(prints, 'flat'),
    ...moved(prints.slice(0, few), 'bent', [10, 20]),
  ]);
  printRigidity(takes, calibration.rigidity);
};

const blinks: Part = async ({ own, others, few }, _, calibration, calibrate) => {
  if (calibrate) {
    calibration.blink = calibrateBlinks(await filmAll(blinking(own)));
    await store({ blink: calibration.blink });
  }
  printBlinks(await filmAll(blinking(others.slice(0, 2 * few))), calibration.blink);
};

const microMotion: Part = async ({ own, others, few }, films, calibration, calibrate) => {
  if (calibrate) {
    Object.assign(
      calibration.microMotion,
      calibrateMicroMotion(await filmAll(heldPrints(own.slice(0, Math.ceil(few * 2 / 3))))),
    );
    const { parts } = calibration.microMotion;
    if (films !== undefined) {
      calibration.microMotion.confidence = microMotionConfidence(films, parts, ERROR_RATE);
    }
    await store({ microMotion: calibration.microMotion });
  }
  printMicroMotion(
    await filmAll(heldPrints(others.slice(0, Math.ceil(few * 2 / 3)))),
    calibration.microMotion,
  );
};

const pulse: Part = async ({ own, others, few }, films, calibration, calibrate) => {
  if (calibrate) {
    calibration.pulse = calibratePulse(
      ratiosOf(await filmAll(pulseless(own.slice(0, Math.ceil(few / 3))))),
    );
    await store({ pulse: calibration.pulse });
  }
  const prints = ratiosOf(await filmAll(pulseless(others.slice(0, Math.ceil(few / 3)))));
  if (films !== undefined) printPulses(films, prints, calibration.pulse);
};

const videos: Part = async (_, films, calibration, calibrate) => {
  if (films === undefined) {
    console.log('\nno --videos FOLDER: real videos are left out');
    return;
  }
  const loops = loopRatios(films);
  if (calibrate) {
    // midway, in the measure of ratios, between what came back and what did not
    const loopRatio = Math.sqrt(Math.min(...loops.plain) * Math.max(...loops.looped));
    calibration.timing = { loopRatio };
    await store({ timing: calibration.timing });
  }
  printLiving(films, calibration);
  printLoops(loops, calibration.timing.loopRatio);
  printColourResponses(films);
  printSpeed(films);
};

const shortBursts: Part = async ({ others, count }, films, { rigidity }) => {
  const takes = await filmAll(bursts(others.slice(0, count), others.slice(count)));
  await printBursts(takes, films ?? [], rigidity);
};

/** Writes some thresholds into the calibration file. */
async function store(part: Partial<SequenceCalibration>): Promise<void> {
  const file = Bun.file(CALIBRATION_FILE);
  await file.write(JSON.stringify({ ...await file.json(), ...part }, null, 2) + '\n');
}
