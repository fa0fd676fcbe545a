/** Fits weighted, L2-regularised logistic regression by Newton's method (iteratively reweighted least squares). */

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
    const step = solve(hessian, gradient, d);
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

/** Solves the symmetric positive definite system A x = b by Cholesky; A holds its lower half. */
function solve(matrix: Float64Array, b: Float64Array, d: number): Float64Array {
  const l = matrix.slice();
  for (let j = 0; j < d; j++) {
    for (let i = j; i < d; i++) {
      let sum = l[i * d + j];
      for (let k = 0; k < j; k++) sum -= l[i * d + k] * l[j * d + k];
      l[i * d + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / l[j * d + j];
    }
  }
  const x = b.slice();
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < i; k++) x[i] -= l[i * d + k] * x[k];
    x[i] /= l[i * d + i];
  }
  for (let i = d - 1; i >= 0; i--) {
    for (let k = i + 1; k < d; k++) x[i] -= l[k * d + i] * x[k];
    x[i] /= l[i * d + i];
  }
  return x;
}
