/** Logistic regression of shares 0..1 by Newton's method, with a small penalty on large weights. */
import { solve } from '../../biometrics/linear-systems.ts';

export interface Observation {
  readonly features: Float64Array;
  /** 0..1. */
  readonly share: number;
}

const PENALTY = 1;

/** @returns one weight per feature, then the constant */
export function fitLogistic(observations: readonly Observation[]): Float64Array {
  const n = observations[0].features.length + 1;
  const weights = new Float64Array(n);
  for (let round = 0; round < 30; round++) {
    const hessian = new Float64Array(n * n), gradient = new Float64Array(n);
    for (let a = 0; a < n; a++) {
      const penalty = a === n - 1 ? 1e-6 : PENALTY;
      hessian[a * n + a] = penalty;
      gradient[a] = -penalty * weights[a];
    }
    for (const { features, share } of observations) {
      const x = [...features, 1];
      const p = 1 / (1 + Math.exp(-logit(weights, features)));
      const slope = Math.max(1e-4, p * (1 - p));
      for (let a = 0; a < n; a++) {
        gradient[a] += (share - p) * x[a];
        for (let b = 0; b < n; b++) hessian[a * n + b] += slope * x[a] * x[b];
      }
    }
    const step = solve(hessian, gradient);
    let largest = 0;
    for (let a = 0; a < n; a++) {
      weights[a] += step[a];
      largest = Math.max(largest, Math.abs(step[a]));
    }
    if (largest < 1e-6) break;
  }
  return weights;
}

export function logit(weights: ArrayLike<number>, features: Float64Array): number {
  let sum = weights[features.length];
  for (let i = 0; i < features.length; i++) sum += weights[i] * features[i];
  return sum;
}
