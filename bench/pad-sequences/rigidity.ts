/** Rendered heads against rendered prints: rigidity by the size of the movement. */
import type { SequenceCalibration } from '../../biometrics/liveness/sequence/calibration.ts';
import type { Parallax } from '../../biometrics/liveness/sequence/parallax.ts';
import { judgeMovement } from '../../biometrics/liveness/sequence/rigidity.ts';
import { percentile, printTable } from '../statistics.ts';
import type { Job, Take } from './crew.ts';
import { areaUnderCurve, percent, share, standardDeviation } from './rates.ts';
import type { SequencePlan } from './sequence.ts';
import type { Person } from './studio.ts';
import type { SurfaceKind } from './surface.ts';

/** Largest yaw in degrees. */
const AMPLITUDES = [3, 10, 20] as const;
/** Heads that turn little and prints that tilt much: where errors are. */
export const SMALL = [3, 10], LARGE = [20];
/** Share of attacks that may pass, and of people that may be refused, in the calibration run. */
export const ERROR_RATE = 0.02;
/** Two seconds, as a client would send them. */
const SECONDS = 2, FRAMES_PER_SECOND = 3;

/** Films every person as one kind of surface at each amplitude. */
export function moved(
  people: readonly Person[],
  kind: SurfaceKind,
  amplitudes: readonly number[] = AMPLITUDES,
): Job[] {
  return people.flatMap((person, i) =>
    amplitudes.map((amplitude): Job => ({
      person,
      plan: planOf(kind, amplitude, SECONDS, FRAMES_PER_SECOND),
      seed: 1000 * i + amplitude,
      measure: 'movement',
    }))
  );
}

/** A surface in a hand before a phone's camera. */
export function planOf(
  kind: SurfaceKind,
  amplitude: number,
  seconds: number,
  framesPerSecond: number,
): SequencePlan {
  return {
    kind,
    held: 'hand',
    amplitude,
    frames: seconds * framesPerSecond,
    framesPerSecond,
    noise: 3,
    camera: { width: 256, height: 256, focal: 328 },
  };
}

interface Moved {
  readonly kind: SurfaceKind;
  readonly amplitude: number;
  readonly movement: Parallax;
}

function movedTakes(takes: readonly Take[]): Moved[] {
  return takes.flatMap(({ job: { plan: { kind, amplitude } }, movement }) =>
    movement === undefined ? [] : [{ kind, amplitude, movement }]
  );
}

/** @param all heads with SMALL and prints with LARGE movements, of people who are not in the table */
export function calibrateRigidity(all: readonly Take[]): SequenceCalibration['rigidity'] {
  const takes = movedTakes(all);
  const along = takes.filter(({ kind }) => kind === 'flat')
    .map(({ movement }) => movement.alongRelief);
  const parallax = percentile(along, 1 - ERROR_RATE);
  const shallowHeads = takes.filter(({ kind, movement }) =>
    kind === 'head' && movement.alongRelief < parallax
  );
  return {
    parallax,
    shapeChange: percentile(
      shallowHeads.map(({ movement }) => movement.shapeChange),
      1 - ERROR_RATE,
    ),
    slope: 1 / standardDeviation(along.map(Math.log)),
  };
}

export function printRigidity(
  all: readonly Take[],
  calibration: SequenceCalibration['rigidity'],
): void {
  const takes = movedTakes(all);
  const rows = [[
    'attack, largest yaw',
    'heads',
    'attacks',
    'AUC',
    'BPCER',
    'BPNRR',
    'APCER',
    'APNRR',
    'BPCER asked',
    'parallax of heads p10-p90',
    'of attacks',
  ]];
  for (const kind of ['flat', 'bent'] as const) {
    for (const amplitude of AMPLITUDES) {
      const of = (wanted: SurfaceKind) =>
        takes.filter((take) => take.kind === wanted && take.amplitude === amplitude);
      const heads = of('head'), attacks = of(kind);
      if (attacks.length === 0) continue;
      const judged = (set: readonly Moved[], asked: boolean) =>
        set.map(({ movement }) => judgeMovement(movement, asked, calibration));
      const along = (set: readonly Moved[]) => set.map(({ movement }) => movement.alongRelief);
      const spread = (set: readonly Moved[]) =>
        [0.1, 0.9].map((part) => percentile(along(set), part).toFixed(3)).join('-');
      rows.push([
        `${kind} print, ${amplitude} degrees`,
        String(heads.length),
        String(attacks.length),
        areaUnderCurve(along(heads), along(attacks)).toFixed(3),
        percent(share(judged(heads, false), (v) => v.confidence >= 0.5 && v.score < 0.5)),
        percent(share(judged(heads, false), (v) => v.confidence < 0.5)),
        percent(share(judged(attacks, false), (v) => v.confidence >= 0.5 && v.score >= 0.5)),
        percent(share(judged(attacks, false), (v) => v.confidence < 0.5)),
        percent(share(judged(heads, true), (v) => v.score < 0.5)),
        spread(heads),
        spread(attacks),
      ]);
    }
  }
  console.log('\nrigidity (rates in percent; "asked": the person was asked to turn the head)');
  printTable(rows);
}
