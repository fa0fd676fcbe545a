/** Systems of linear equations, for the fits of this library. */

/** Solves `matrix` x = `right` by elimination with row exchange; a singular matrix gives values that are not finite. */
export function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length, m = matrix.slice(), x = right.slice();
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let row = i + 1; row < n; row++) {
      if (Math.abs(m[n * row + i]) > Math.abs(m[n * pivot + i])) pivot = row;
    }
    for (let k = 0; k < n; k++) {
      [m[n * i + k], m[n * pivot + k]] = [m[n * pivot + k], m[n * i + k]];
    }
    [x[i], x[pivot]] = [x[pivot], x[i]];
    for (let row = i + 1; row < n; row++) {
      const factor = m[n * row + i] / m[n * i + i];
      for (let k = i; k < n; k++) m[n * row + k] -= factor * m[n * i + k];
      x[row] -= factor * x[i];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= m[n * i + k] * x[k];
    x[i] /= m[n * i + i];
  }
  return x;
}

/**
 * Solves a symmetric positive definite system by Cholesky's decomposition.
 * @param matrix row by row, overwritten
 * @returns undefined when the matrix is singular to working precision
 */
export function solveSymmetric(
  matrix: Float64Array,
  right: Float64Array,
): Float64Array | undefined {
  const n = right.length, x = right.slice();
  for (let i = 0; i < n; i++) {
    const diagonal = matrix[n * i + i];
    for (let k = 0; k <= i; k++) {
      let sum = matrix[n * i + k];
      for (let j = 0; j < k; j++) sum -= matrix[n * i + j] * matrix[n * k + j];
      if (k < i) matrix[n * i + k] = sum / matrix[n * k + k];
      else if (!(sum > 1e-10 * diagonal)) return undefined;
      else matrix[n * i + i] = Math.sqrt(sum);
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) x[i] -= matrix[n * i + j] * x[j];
    x[i] /= matrix[n * i + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i] -= matrix[n * j + i] * x[j];
    x[i] /= matrix[n * i + i];
  }
  return x;
}
