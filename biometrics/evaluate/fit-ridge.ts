/** Fits weighted ridge regression (Hoerl and Kennard 1970) through its normal equations. */
import { solveSymmetric } from '../linear-systems.ts';

export interface RidgeFit {
  readonly weights: Float64Array;
  readonly bias: number;
}

/**
 * The weights and the bias whose sums come nearest to `targets` in squares.
 * @param rows one per sample, all of the same length
 * @param sampleWeights relative importance of each sample; they are scaled to the number of samples
 * @param penalty of the squared weights, not of the bias; greater than 0, so that there is one solution
 */
export function fitRidge(
  rows: readonly Float64Array[],
  targets: readonly number[],
  sampleWeights: readonly number[],
  penalty: number,
): RidgeFit {
  const n = rows.length, size = rows[0].length;
  const total = sampleWeights.reduce((sum, w) => sum + w, 0);
  const shares = sampleWeights.map((w) => w / total);
  const middle = shares.reduce((sum, share, i) => sum + share * targets[i], 0);
  const means = new Float64Array(size);
  rows.forEach((row, i) => row.forEach((value, j) => means[j] += shares[i] * value));

  // Centred on the weighted means, so that the bias needs no equation.
  const roots = shares.map((share) => Math.sqrt(n * share));
  const centred = rows.map((row, i) => row.map((value, j) => roots[i] * (value - means[j])));
  const errors = Float64Array.from(targets, (target, i) => roots[i] * (target - middle));
  const weights = n < size
    ? sumOf(centred, solvePenalised(centred, errors, penalty))
    : solvePenalised(transposed(centred), sumOf(centred, errors), penalty);
  return { weights, bias: weights.reduce((sum, w, j) => sum - w * means[j], middle) };
}

/** Solves for x: the products of every two vectors, with `penalty` added to those with themselves, times x is `right`. */
function solvePenalised(
  vectors: readonly Float64Array[],
  right: Float64Array,
  penalty: number,
): Float64Array {
  const n = vectors.length, matrix = products(vectors);
  for (let i = 0; i < n; i++) matrix[n * i + i] += penalty;
  const x = solveSymmetric(matrix, right);
  if (x === undefined) throw new RangeError('the samples fix no weights');
  return x;
}

/** Vectors that are multiplied with all others while they are in the cache. */
const TILE = 32;

/** Scalar products of every two vectors, the lower half of a symmetric matrix row by row. */
function products(vectors: readonly Float64Array[]): Float64Array {
  const n = vectors.length, length = vectors[0].length, out = new Float64Array(n * n);
  for (let start = 0; start < n; start += TILE) {
    for (let i = start; i < n; i += 2) {
      // Two by two, so that a number that was fetched is used twice; an odd last one is taken twice.
      const second = Math.min(i + 1, n - 1), a = vectors[i], b = vectors[second];
      for (let k = start; k < Math.min(start + TILE, second + 1); k += 2) {
        const other = Math.min(k + 1, n - 1), c = vectors[k], d = vectors[other];
        let ac = 0, ad = 0, bc = 0, bd = 0;
        for (let j = 0; j < length; j++) {
          ac += a[j] * c[j];
          ad += a[j] * d[j];
          bc += b[j] * c[j];
          bd += b[j] * d[j];
        }
        out[n * i + k] = ac;
        out[n * i + other] = ad;
        out[n * second + k] = bc;
        out[n * second + other] = bd;
      }
    }
  }
  return out;
}

function transposed(rows: readonly Float64Array[]): Float64Array[] {
  return Array.from(rows[0], (_, j) => Float64Array.from(rows, (row) => row[j]));
}

function sumOf(rows: readonly Float64Array[], factors: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(rows[0].length);
  rows.forEach((row, i) => row.forEach((value, j) => sum[j] += factors[i] * value));
  return sum;
}
