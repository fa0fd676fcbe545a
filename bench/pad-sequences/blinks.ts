/** Rendered blinks against the same movement without: how deep closures are, with refined eyes and with the mesh alone. */
import type { SequenceCalibration } from '../../biometrics/liveness/sequence/calibration.ts';
import { percentile, printTable } from '../statistics.ts';
import type { Job, Take } from './crew.ts';
import { areaUnderCurve, percent, share, standardDeviation } from './rates.ts';
import { ERROR_RATE, planOf } from './rigidity.ts';
import type { Person } from './studio.ts';

const AMPLITUDE = 5;
const SECONDS = 2.5, FRAMES_PER_SECOND = 12;

/** Every second person blinks once, the others are prints. */
export function blinking(people: readonly Person[]): Job[] {
  return people.map((person, i): Job => ({
    person,
    plan: {
      ...planOf(i % 2 === 0 ? 'head' : 'flat', AMPLITUDE, SECONDS, FRAMES_PER_SECOND),
      blinksMs: i % 2 === 0 ? [700 + 37 * (i % 20)] : [],
    },
    seed: i,
    measure: 'blinks',
  }));
}

function depths(takes: readonly Take[], kind: 'head' | 'flat', lids: 'refined' | 'mesh'): number[] {
  return takes.flatMap(({ job, blinks }) =>
    job.plan.kind === kind && blinks !== undefined ? [blinks[lids]] : []
  );
}

export function calibrateBlinks(takes: readonly Take[]): SequenceCalibration['blink'] {
  const still = depths(takes, 'flat', 'refined');
  return {
    depth: Math.max(percentile(still, 1 - ERROR_RATE), 0.01),
    slope: 1 / Math.max(standardDeviation(still), 0.01),
  };
}

export function printBlinks(
  takes: readonly Take[],
  { depth }: SequenceCalibration['blink'],
): void {
  const rows = [['lids from', 'blinking', 'not', 'AUC', 'missed', 'false', 'depth p10-p90']];
  for (const lids of ['refined', 'mesh'] as const) {
    const seen = depths(takes, 'head', lids), still = depths(takes, 'flat', lids);
    rows.push([
      lids === 'refined' ? 'refined eyes' : 'mesh',
      String(seen.length),
      String(still.length),
      areaUnderCurve(seen, still).toFixed(3),
      percent(share(seen, (value) => value < depth)),
      percent(share(still, (value) => value >= depth)),
      [0.1, 0.9].map((part) => percentile(seen, part).toFixed(2)).join('-'),
    ]);
  }
  console.log(
    `\nblinks: one in ${SECONDS} s or none, moved by up to ${AMPLITUDE} degrees (rates in percent)`,
  );
  printTable(rows);
}
