/** Micro-motion of prints, in a hand and on a tripod; what people do is seen in videos only. */
import type { SequenceCalibration } from '../../biometrics/liveness/sequence/calibration.ts';
import { percentile, printTable } from '../statistics.ts';
import type { Job, Take } from './crew.ts';
import { percent, share, standardDeviation } from './rates.ts';
import { ERROR_RATE, planOf } from './rigidity.ts';
import type { Person } from './studio.ts';

/** Largest yaw of a print in a hand; 0 stands for a tripod. */
const AMPLITUDES = [0, 5, 20] as const;
const SECONDS = 2, FRAMES_PER_SECOND = 8;

export function heldPrints(people: readonly Person[]): Job[] {
  return people.flatMap((person, i) =>
    AMPLITUDES.map((amplitude): Job => ({
      person,
      plan: {
        ...planOf('flat', amplitude, SECONDS, FRAMES_PER_SECOND),
        held: amplitude === 0 ? 'tripod' : 'hand',
      },
      seed: 1000 * i + amplitude,
      measure: 'micro-motion',
    }))
  );
}

function partsOf(takes: readonly Take[]): number[] {
  return takes.flatMap(({ micro }) => micro === undefined ? [] : [micro.parts]);
}

export function calibrateMicroMotion(
  takes: readonly Take[],
): Pick<SequenceCalibration['microMotion'], 'parts' | 'slope'> {
  const inHand = partsOf(takes.filter(({ job }) => job.plan.held === 'hand'));
  return {
    parts: percentile(inHand, 1 - ERROR_RATE),
    slope: 1 / standardDeviation(inHand.map((value) => Math.log(Math.max(value, 1e-3)))),
  };
}

export function printMicroMotion(
  takes: readonly Take[],
  { parts }: SequenceCalibration['microMotion'],
): void {
  const rows = [['flat print', 'sequences', 'APCER', 'movement of parts p10-p50-p90']];
  for (const amplitude of AMPLITUDES) {
    const values = partsOf(takes.filter(({ job }) => job.plan.amplitude === amplitude));
    rows.push([
      amplitude === 0 ? 'on a tripod' : `in a hand, ${amplitude} degrees`,
      String(values.length),
      percent(share(values, (value) => value >= parts)),
      [0.1, 0.5, 0.9].map((part) => percentile(values, part).toFixed(4)).join('-'),
    ]);
  }
  console.log('\nmicro-motion (rates in percent)');
  printTable(rows);
}
