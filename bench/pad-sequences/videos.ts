/**
 * Real videos of faces: how often a living face is refused, what a recording of it with repeated or looped
 * frames looks like, and whether skin answers to light that is added to it.
 */
import type { SequenceCalibration } from '../../biometrics/liveness/sequence/calibration.ts';
import {
  scoreColourResponse,
  type ShownColour,
} from '../../biometrics/liveness/sequence/colour-response.ts';
import type { SequenceFrame } from '../../biometrics/liveness/sequence/frame.ts';
import { randomNumbers } from '../../biometrics/random-numbers.ts';
import { judgeMovement } from '../../biometrics/liveness/sequence/rigidity.ts';
import { scoreSequence } from '../../biometrics/liveness/sequence/score.ts';
import { loopRatio } from '../../biometrics/liveness/sequence/timing.ts';
import { percentile, printTable } from '../statistics.ts';
import type { Job, Take } from './crew.ts';
import { withLight, withLoop } from './forgery.ts';
import { closuresOf, microOf, movementOf, snrOf } from './measures.ts';
import { areaUnderCurve, percent, share, standardDeviation } from './rates.ts';
import { planOf } from './rigidity.ts';
import type { Person, Studio, Video } from './studio.ts';

export interface Film {
  readonly name: string;
  readonly frames: readonly SequenceFrame[];
}

export async function watchAll(studio: Studio, videos: readonly Video[]): Promise<Film[]> {
  const films: Film[] = [];
  for (const video of videos) {
    films.push({ name: video.name, frames: await studio.watch(video) });
  }
  return films;
}

const PULSE_SECONDS = 6;

/** Pieces of so many seconds that follow each other, every `step`-th frame of them. */
function pieces(frames: readonly SequenceFrame[], seconds: number, step = 1): SequenceFrame[][] {
  const out: SequenceFrame[][] = [];
  let piece: SequenceFrame[] = [], start = frames[0]?.timeMs ?? 0;
  for (const [i, frame] of frames.entries()) {
    if (frame.timeMs - start >= 1000 * seconds) {
      out.push(piece);
      [piece, start] = [[], frame.timeMs];
    }
    if (i % step === 0) piece.push(frame);
  }
  return out;
}

/** Rigidity, micro-motion and blinks of living faces. */
export function printLiving(films: readonly Film[], calibration: SequenceCalibration): void {
  const rows = [[
    'video',
    'pieces of 2 s',
    'solid',
    'BPNRR',
    'BPCER',
    'parts move',
    'seconds',
    'blinks/min, refined',
    'mesh',
  ]];
  for (const { name, frames } of films) {
    const parts = pieces(frames, 2, 3);
    const verdicts = parts.flatMap((piece) => movementOf(piece) ?? [])
      .map((movement) => judgeMovement(movement, false, calibration.rigidity));
    const micro = parts.flatMap((piece) => microOf(piece) ?? []);
    const seconds = (frames[frames.length - 1].timeMs - frames[0].timeMs) / 1000;
    const perMinute = (sharp: boolean) =>
      60 / seconds * blinkCount(frames, sharp, calibration.blink.depth);
    rows.push([
      name,
      String(verdicts.length),
      percent(share(verdicts, ({ score }) => score >= 0.5)),
      percent(share(verdicts, ({ confidence }) => confidence < 0.5)),
      percent(share(verdicts, ({ score, confidence }) => score < 0.5 && confidence >= 0.5)),
      percent(share(micro, ({ parts }) => parts >= calibration.microMotion.parts)),
      seconds.toFixed(0),
      perMinute(true).toFixed(1),
      perMinute(false).toFixed(1),
    ]);
  }
  console.log('\nreal videos (rates in percent)');
  printTable(rows);
}

function blinkCount(frames: readonly SequenceFrame[], sharp: boolean, least: number): number {
  const seen = sharp ? frames : frames.map(({ timeMs, scene }) => ({ timeMs, scene }));
  return closuresOf(seen).filter(({ depth }) => depth >= least).length;
}

/** How far micro-motion parts living faces from prints: what it refuses and lets pass, taken from 1. */
export function microMotionConfidence(films: readonly Film[], parts: number, apcer: number) {
  const living = films.flatMap(({ frames }) => pieces(frames, 2, 3))
    .flatMap((piece) => microOf(piece) ?? []);
  return Math.max(0, 1 - apcer - share(living, (motion) => motion.parts < parts));
}

/** Prints in a hand, long enough to look for a pulse. */
export function pulseless(people: readonly Person[]): Job[] {
  return people.map((person, seed): Job => ({
    person,
    plan: planOf('flat', 2, PULSE_SECONDS, 15),
    seed,
    measure: 'pulse',
  }));
}

export function ratiosOf(takes: readonly Take[]): number[] {
  return takes.flatMap(({ snrDb }) => snrDb ?? []);
}

export function calibratePulse(prints: readonly number[]): SequenceCalibration['pulse'] {
  return { snrDb: percentile(prints, 0.95), slope: 1 / standardDeviation(prints) };
}

export function printPulses(
  films: readonly Film[],
  prints: readonly number[],
  { snrDb }: SequenceCalibration['pulse'],
): void {
  const living = films.flatMap(({ frames }) => pieces(frames, PULSE_SECONDS))
    .flatMap((piece) => snrOf(piece) ?? []);
  const spread = (values: readonly number[]) =>
    [0.1, 0.5, 0.9].map((part) => percentile(values, part).toFixed(1)).join(' / ');
  console.log(`\npulse, pieces of ${PULSE_SECONDS} s (rates in percent, dB)`);
  printTable([
    ['living', 'prints', 'AUC', 'BPCER', 'APCER', 'living p10/p50/p90', 'prints'],
    [
      String(living.length),
      String(prints.length),
      areaUnderCurve(living, prints).toFixed(3),
      percent(share(living, (value) => value < snrDb)),
      percent(share(prints, (value) => value >= snrDb)),
      spread(living),
      spread(prints),
    ],
  ]);
}

/** Loop ratios of pieces of 4 s, as they are and looped with new sensor noise. */
export function loopRatios(films: readonly Film[]): { plain: number[]; looped: number[] } {
  const plain: number[] = [], looped: number[] = [];
  for (const { frames } of films) {
    for (const piece of pieces(frames, 4, 2)) {
      const pictures = piece.map(({ scene }) => scene.pyramid.picture);
      plain.push(loopRatio(pictures));
      looped.push(loopRatio(withLoop(pictures)));
    }
  }
  return { plain, looped };
}

export function printLoops(
  { plain, looped }: { plain: readonly number[]; looped: readonly number[] },
  threshold: number,
): void {
  console.log('\nloops in pieces of 4 s, noise of 2 grey levels added to every frame of a loop');
  printTable([
    ['plain', 'looped', 'AUC', 'missed', 'false', 'least plain', 'greatest looped'],
    [
      String(plain.length),
      String(looped.length),
      areaUnderCurve(plain, looped).toFixed(3),
      percent(share(looped, (value) => value >= threshold)),
      percent(share(plain, (value) => value < threshold)),
      Math.min(...plain).toFixed(3),
      Math.max(...looped).toFixed(3),
    ],
  ]);
}

/** Time of all detectors, locating the faces not counted. */
export function printSpeed(films: readonly Film[]): void {
  const all = films.flatMap(({ frames }) => pieces(frames, 4));
  const times = all.map((piece) => {
    const shownColours = challenge(piece[0].timeMs, 1), start = performance.now();
    scoreSequence(piece, { shownColours });
    return performance.now() - start;
  });
  console.log('\nall detectors on pieces of 4 s, one thread');
  printTable([
    ['pieces', 'frames each', 'p50 ms', 'p99 ms'],
    [
      String(all.length),
      String(percentile(all.map(({ length }) => length), 0.5)),
      percentile(times, 0.5).toFixed(0),
      percentile(times, 0.99).toFixed(0),
    ],
  ]);
}

/** Light of the screen as a share of the light that is there; 0 is a recording that cannot answer. */
const GAINS = [0, 0.01, 0.02, 0.05, 0.1] as const;
/** Eight colours of half a second. */
const COLOURS = 8, COLOUR_MS = 500, LAG_MS = 120;

export function printColourResponses(films: readonly Film[]): void {
  const rows = [['added light', 'pieces', 'p < 0.05', 'p < 0.01', 'median score']];
  const all = films.flatMap(({ frames }) => pieces(frames, COLOURS * COLOUR_MS / 1000, 2));
  for (const gain of GAINS) {
    const scores = all.map((piece, i) => {
      const shown = challenge(piece[0].timeMs, i + 1);
      return scoreColourResponse(withLight(piece, shown, gain, LAG_MS), shown).score;
    });
    rows.push([
      `${percent(gain)} %`,
      String(scores.length),
      percent(share(scores, (score) => score > 0.95)),
      percent(share(scores, (score) => score > 0.99)),
      percentile(scores, 0.5).toFixed(3),
    ]);
  }
  console.log('\ncolour response, pieces of 4 s of real videos, 8 colours (rates in percent)');
  printTable(rows);
}

function challenge(startMs: number, seed: number): ShownColour[] {
  const random = randomNumbers(seed);
  return Array.from({ length: COLOURS }, (_, i): ShownColour => ({
    timeMs: startMs - LAG_MS + i * COLOUR_MS,
    colour: [random() < 0.5 ? 0 : 1, random() < 0.5 ? 0 : 1, random() < 0.5 ? 0 : 1],
  }));
}
