/**
 * Power spectra: a two-dimensional radix-2 Fourier transform with a Hann window, averaged over many small
 * overlapping blocks (Welch 1967), in each of which a pattern that bends with the perspective keeps one
 * frequency.
 */
import type { Plane } from './face-view.ts';

/** Power per frequency; (u, v) in -side/2..side/2-1 lies at ((v + side) % side) x side + (u + side) % side. */
export interface Spectrum {
  readonly side: number;
  readonly power: Float32Array;
}

/**
 * Spectra of two planes of the same size, averaged over blocks of `side` pixels, a power of two, that
 * overlap by a quarter. Both planes are transformed for the price of one.
 */
export function averagedSpectra(a: Plane, b: Plane, side: number): [Spectrum, Spectrum] {
  const n = side * side, step = side * 3 / 4, tables = tablesOf(side);
  const first = new Float32Array(n), second = new Float32Array(n);
  const re = new Float32Array(n), im = new Float32Array(n);
  let blocks = 0;
  for (let top = 0; top + side <= a.height; top += step) {
    for (let left = 0; left + side <= a.width; left += step) {
      windowed(a, left, top, tables, re);
      windowed(b, left, top, tables, im);
      for (let row = 0; row < side; row++) transformLine(re, im, row * side, 1, tables);
      for (let column = 0; column < side; column++) transformLine(re, im, column, side, tables);
      addPowers(re, im, side, first, second);
      blocks++;
    }
  }
  for (let i = 0; i < n; i++) {
    first[i] /= blocks;
    second[i] /= blocks;
  }
  return [{ side, power: first }, { side, power: second }];
}

/** The transform of two real signals packed as real and imaginary part separates by symmetry. */
function addPowers(
  re: Float32Array,
  im: Float32Array,
  side: number,
  first: Float32Array,
  second: Float32Array,
): void {
  for (let v = 0; v < side; v++) {
    const mirrored = ((side - v) % side) * side;
    for (let u = 0; u < side; u++) {
      const i = v * side + u, j = mirrored + (side - u) % side;
      const er = re[i] + re[j], ei = im[i] - im[j];
      const or = im[i] + im[j], oi = re[j] - re[i];
      first[i] += (er * er + ei * ei) / 4;
      second[i] += (or * or + oi * oi) / 4;
    }
  }
}

interface Tables {
  readonly side: number;
  readonly hann: Float32Array;
  readonly cos: Float32Array;
  readonly sin: Float32Array;
  readonly reversed: Uint16Array;
}

const cache = new Map<number, Tables>();

function tablesOf(side: number): Tables {
  let tables = cache.get(side);
  if (tables === undefined) {
    const bits = Math.log2(side);
    tables = {
      side,
      hann: Float32Array.from(
        { length: side },
        (_, i) => 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / side),
      ),
      cos: Float32Array.from({ length: side / 2 }, (_, i) => Math.cos(2 * Math.PI * i / side)),
      sin: Float32Array.from({ length: side / 2 }, (_, i) => -Math.sin(2 * Math.PI * i / side)),
      reversed: Uint16Array.from({ length: side }, (_, i) => {
        let out = 0;
        for (let bit = 0; bit < bits; bit++) out |= ((i >> bit) & 1) << (bits - 1 - bit);
        return out;
      }),
    };
    cache.set(side, tables);
  }
  return tables;
}

/** One block, its mean taken away, under the window. */
function windowed(
  { width, data }: Plane,
  left: number,
  top: number,
  { side, hann }: Tables,
  out: Float32Array,
): void {
  let mean = 0;
  for (let y = 0; y < side; y++) {
    const row = (top + y) * width + left;
    for (let x = 0; x < side; x++) mean += data[row + x];
  }
  mean /= side * side;
  for (let y = 0, i = 0; y < side; y++) {
    const row = (top + y) * width + left, weight = hann[y];
    for (let x = 0; x < side; x++, i++) out[i] = (data[row + x] - mean) * hann[x] * weight;
  }
}

const lineRe = new Float32Array(1024), lineIm = new Float32Array(1024);

/** In-place transform of `side` values that lie `step` apart (Cooley and Tukey 1965). */
function transformLine(
  re: Float32Array,
  im: Float32Array,
  start: number,
  step: number,
  { side, cos, sin, reversed }: Tables,
): void {
  for (let i = 0; i < side; i++) {
    const at = start + reversed[i] * step;
    lineRe[i] = re[at];
    lineIm[i] = im[at];
  }
  for (let size = 2; size <= side; size *= 2) {
    const half = size >> 1, jump = side / size;
    for (let block = 0; block < side; block += size) {
      for (let k = 0, t = 0; k < half; k++, t += jump) {
        const a = block + k, b = a + half;
        const wr = cos[t], wi = sin[t];
        const xr = lineRe[b] * wr - lineIm[b] * wi, xi = lineRe[b] * wi + lineIm[b] * wr;
        lineRe[b] = lineRe[a] - xr;
        lineIm[b] = lineIm[a] - xi;
        lineRe[a] += xr;
        lineIm[a] += xi;
      }
    }
  }
  for (let i = 0, at = start; i < side; i++, at += step) {
    re[at] = lineRe[i];
    im[at] = lineIm[i];
  }
}
