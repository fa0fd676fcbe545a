/**
 * A Gaussian kernel at a fixed cost: cosines and sines of random projections, whose scalar products come
 * near it (Rahimi and Recht 2007, "Random features for large-scale kernel machines"). A model linear in
 * them tells apart what no single measure and no sum of measures does. The projections are drawn anew from
 * the seed, so that a calibration need not carry them.
 */
import { randomNumbers } from '../random-numbers.ts';

export interface FourierKernel {
  /** Of the random sequence the frequencies come from. */
  readonly seed: number;
  /** The kernel of two rows is exp(-gamma x their squared distance). */
  readonly gamma: number;
  /** Number of frequencies; each gives a cosine and a sine. */
  readonly count: number;
}

/**
 * @param size length of the rows
 * @returns what makes 2 x count numbers of a row: all cosines, then all sines. The scalar product of two
 *   rows' numbers is the kernel of the rows, give or take 1 / sqrt(count)
 */
export function fourierFeatures(
  { seed, gamma, count }: FourierKernel,
  size: number,
): (row: ArrayLike<number>) => Float64Array {
  const frequencies = normalNumbers(seed, count * size, Math.sqrt(2 * gamma));
  const scale = Math.sqrt(1 / count);
  return (row) => {
    const out = new Float64Array(2 * count);
    for (let k = 0, at = 0; k < count; k++) {
      let angle = 0;
      for (let j = 0; j < size; j++) angle += frequencies[at++] * row[j];
      out[k] = scale * Math.cos(angle);
      out[count + k] = scale * Math.sin(angle);
    }
    return out;
  };
}

/** Normally distributed numbers with mean 0 (Box and Muller 1958). */
function normalNumbers(seed: number, count: number, deviation: number): Float64Array {
  const next = randomNumbers(seed), out = new Float64Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - next())), angle = 2 * Math.PI * next();
    out[i] = radius * Math.cos(angle);
    if (i + 1 < count) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

/** Weights as calibration files carry them: Base64 of float32 values, lowest byte first. */
export function writeWeights(weights: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(4 * weights.length));
  for (let i = 0; i < weights.length; i++) view.setFloat32(4 * i, weights[i], true);
  return new Uint8Array(view.buffer).toBase64();
}

/** @throws SyntaxError when the text is not Base64, RangeError when the last value is cut */
export function readWeights(text: string): Float64Array {
  const bytes = Uint8Array.fromBase64(text), view = new DataView(bytes.buffer);
  return Float64Array.from(
    { length: Math.ceil(bytes.length / 4) },
    (_, i) => view.getFloat32(4 * i, true),
  );
}
