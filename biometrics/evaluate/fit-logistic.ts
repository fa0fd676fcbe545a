/** Fits weighted, L2-regularised logistic regression by Newton's method (iteratively reweighted least squares). */
import { solveSymmetric } from '../linear-systems.ts';

export interface LogisticFit {
  readonly weights: Float64Array;
  readonly bias: number;
}

/**
 * @param rows one per sample, all of the same length, roughly standardised
 * @param isBonaFide class of each sample
 * @param sampleWeights relative importance of each sample; they are scaled to the number of samples
 * @param penalty of the squared weights, not of the bias; in samples: 1 weighs as much as one
 */
export function fitLogistic(
  rows: readonly ArrayLike<number>[],
  isBonaFide: readonly boolean[],
  sampleWeights: readonly number[],
  penalty: number,
): LogisticFit {
  const n = rows.length, size = rows[0].length, d = size + 1;
  const total = sampleWeights.reduce((sum, w) => sum + w, 0);
  const theta = new Float64Array(d);
  for (let round = 0; round < 30; round++) {
    const gradient = new Float64Array(d), hessian = new Float64Array(d * d);
    for (let i = 0; i < n; i++) {
      const row = rows[i], w = sampleWeights[i] * n / total;
      let x = theta[size];
      for (let j = 0; j < size; j++) x += theta[j] * row[j];
      const p = 1 / (1 + Math.exp(-x));
      const g = w * (p - (isBonaFide[i] ? 1 : 0)), h = Math.max(1e-9, w * p * (1 - p));
      for (let j = 0; j < d; j++) {
        const a = j < size ? row[j] : 1;
        gradient[j] += g * a;
        for (let k = 0; k <= j; k++) hessian[j * d + k] += h * a * (k < size ? row[k] : 1);
      }
    }
    for (let j = 0; j < size; j++) {
      gradient[j] += penalty * theta[j];
      hessian[j * d + j] += penalty;
    }
    hessian[d * d - 1] += 1e-9;
    const step = solveSymmetric(hessian, gradient);
    if (step === undefined) throw new RangeError('the samples fix no weights');
    let largest = 0;
    for (let j = 0; j < d; j++) {
      const held = Math.max(-4, Math.min(4, step[j]));
      theta[j] -= held;
      largest = Math.max(largest, Math.abs(held));
    }
    if (largest < 1e-7) break;
  }
  return { weights: theta.slice(0, size), bias: theta[size] };
}
