/** Log-odds of a detector's features under its calibration: a logistic model of values and their squares. */
import type { DetectorCalibration } from './calibration.ts';

/** Standardised values beyond this say no more than this; one odd feature must not decide alone. */
const HELD = 3;
/** Log-odds that a detector may reach, either way: a score of 0.0025 to 0.9975. */
const SUREST = 6;

/** @param values the detector's features, finite, as many as the calibration lists */
export function logOdds(
  { features, bias }: DetectorCalibration,
  values: readonly number[],
): number {
  let sum = bias;
  features.forEach(({ mean, scale, linear, square }, i) => {
    const z = standardised(values[i], mean, scale);
    sum += linear * z + square * (z * z - 1);
  });
  return Math.max(-SUREST, Math.min(SUREST, sum));
}

export function standardised(value: number, mean: number, scale: number): number {
  return Math.max(-HELD, Math.min(HELD, (value - mean) / scale));
}

/** 0 at -infinity, 0.5 at 0, 1 at infinity. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export function logit(p: number): number {
  const held = Math.max(sigmoid(-SUREST), Math.min(sigmoid(SUREST), p));
  return Math.log(held / (1 - held));
}
