/**
 * Fits the unified quality score: a ridge regression of the similarity of genuine pairs on the sum of
 * both pictures' inputs, so that a picture's share of the sum says what it does to its comparisons.
 */
import { FaceError } from '../errors.ts';
import { solve } from '../linear-systems.ts';
import type { ScoreModel } from '../quality/calibration.ts';
import { type QualityInputs, weightedInputs } from '../quality/unified-score.ts';
import type { GenuinePair } from './error-discard.ts';

/** Inputs are held to this middle share of the pictures, so that no outlier moves the line. */
const TRIMMED = 0.01;
/** Ridge in units of one person's weight, for inputs of unit variance. */
const RIDGE = 10;
/** Genuine pairs under which nothing can be learnt. */
const MIN_PAIRS = 30;
/** The best share of pictures gets the score 100. */
const BEST = 0.01;

export interface FitOptions {
  /** Inputs to use. */
  readonly names: readonly string[];
  /** Similarity of two average strangers: score 0. */
  readonly impostorMean: number;
  /** Similarities above count as this one: how far a pair is above says more of the person than of the pictures. */
  readonly cap: number;
}

export interface WeightedPair extends GenuinePair {
  readonly weight: number;
}

/**
 * @param pictures inputs of each picture
 * @param pairs genuine pairs to learn from
 * @throws FaceError CALIBRATION_INVALID when there are too few pairs
 */
export function fitQuality(
  pictures: readonly QualityInputs[],
  pairs: readonly WeightedPair[],
  { names, impostorMean, cap }: FitOptions,
): ScoreModel {
  if (pairs.length < MIN_PAIRS) {
    throw new FaceError(
      'CALIBRATION_INVALID',
      `${pairs.length} genuine pairs support no quality score; at least ${MIN_PAIRS} are needed`,
    );
  }
  const scales = names.map((name) => scaleOf(name, pictures));
  const rows = pictures.map((picture) =>
    scales.map(({ name, lowest, highest, mean, deviation }) =>
      (Math.max(lowest, Math.min(highest, picture[name])) - mean) / deviation
    )
  );
  const size = names.length + 1;
  const normal = new Float64Array(size * size), right = new Float64Array(size);
  for (let i = 0; i < names.length; i++) normal[i * size + i] = RIDGE;
  for (const { a, b, similarity, weight } of pairs) {
    const x = [...rows[a].map((value, k) => value + rows[b][k]), 1];
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) normal[i * size + j] += weight * x[i] * x[j];
      right[i] += weight * x[i] * Math.min(cap, similarity);
    }
  }
  const solution = solve(normal, right);
  const inputs = scales.map(({ name, lowest, highest, deviation }, k) => ({
    name,
    lowest,
    highest,
    weight: solution[k] / deviation,
  }));
  const shift = scales.reduce((sum, { mean }, k) => sum + inputs[k].weight * mean, 0);
  const offset = solution[names.length] - 2 * shift;
  const expected = pictures.map((picture) => offset + 2 * weightedInputs(inputs, picture));
  return { inputs, offset, zero: impostorMean, hundred: quantile(expected, 1 - BEST) };
}

function scaleOf(name: string, pictures: readonly QualityInputs[]) {
  const values = pictures.map((picture) => picture[name]);
  const lowest = quantile(values, TRIMMED), highest = quantile(values, 1 - TRIMMED);
  const held = values.map((value) => Math.max(lowest, Math.min(highest, value)));
  const mean = held.reduce((sum, value) => sum + value, 0) / held.length;
  const variance = held.reduce((sum, value) => sum + (value - mean) ** 2, 0) / held.length;
  return { name, lowest, highest, mean, deviation: Math.sqrt(variance) || 1 };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.min(sorted.length - 1, Math.floor(share * sorted.length)))];
}
