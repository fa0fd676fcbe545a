/**
 * Traces of JPEG compression in the pixels as they were decoded: the step of the last quantisation,
 * gaps that an earlier one left in the coefficient histograms (Popescu and Farid 2004), and block edges
 * off the present grid. They speak of pictures that were saved, cropped and saved again, as injected
 * files often are; a recapture by a camera leaves none.
 */
import type { PadDetector } from '../detector.ts';
import { type Plane, WINDOW } from '../face-view.ts';

const BLOCK = 8;
/** Lowest alternating frequencies, where the steps are small and values many. */
const FREQUENCIES = [[0, 1], [1, 0], [1, 1], [0, 2], [2, 0]] as const;
const LARGEST = 60;

export const compression: PadDetector = {
  id: 'compression',
  features: ['step', 'comb', 'second-comb', 'grid', 'off-grid'],
  words: {
    attack: 'traces of more than one compression',
    bonaFide: 'traces of one compression at most',
  },
  measure({ view }) {
    const { y } = view.planes('native');
    const { step, comb, second } = combs(histogram(y));
    const { grid, offGrid } = blockEdges(y);
    return [Math.log(step), comb, second, grid, offGrid];
  },
};

const BASES = FREQUENCIES.map(([u, v]) =>
  Float32Array.from({ length: BLOCK * BLOCK }, (_, i) => {
    const x = i % BLOCK, y = (i - x) / BLOCK;
    const scale = (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1) / 4;
    return scale * Math.cos((2 * x + 1) * u * Math.PI / 16) *
      Math.cos((2 * y + 1) * v * Math.PI / 16);
  })
);

/** Rounded absolute coefficients of all blocks and frequencies, zero left out. */
function histogram({ width, height, data }: Plane): Float64Array {
  const counts = new Float64Array(LARGEST + 1);
  for (let top = 0; top + BLOCK <= height; top += BLOCK) {
    for (let left = 0; left + BLOCK <= width; left += BLOCK) {
      for (const base of BASES) {
        let sum = 0;
        for (let i = 0; i < base.length; i++) {
          sum += base[i] * data[(top + (i >> 3)) * width + left + (i & 7)];
        }
        const value = Math.round(Math.abs(sum));
        if (value > 0 && value <= LARGEST) counts[value]++;
      }
    }
  }
  return counts;
}

/** The period that the histogram follows most, how strictly, and the next that is no divisor or multiple. */
function combs(counts: Float64Array): { step: number; comb: number; second: number } {
  const total = counts.reduce((sum, v) => sum + v, 1);
  const strengths = Array.from({ length: 19 }, (_, i) => {
    const period = i + 2;
    let re = 0, im = 0;
    for (let k = 1; k <= LARGEST; k++) {
      re += counts[k] * Math.cos(2 * Math.PI * k / period);
      im += counts[k] * Math.sin(2 * Math.PI * k / period);
    }
    return { period, strength: Math.hypot(re, im) / total };
  }).toSorted((a, b) => b.strength - a.strength);
  const [first] = strengths;
  const other = strengths.find(({ period }) =>
    period % first.period !== 0 && first.period % period !== 0
  );
  return { step: first.period, comb: first.strength, second: other?.strength ?? 0 };
}

/** How much larger steps between neighbours are on the JPEG grid, and on the strongest other grid. */
function blockEdges({ data }: Plane): { grid: number; offGrid: number } {
  const across = new Float64Array(BLOCK), along = new Float64Array(BLOCK);
  for (let y = 1; y < WINDOW - 2; y++) {
    for (let x = 1; x < WINDOW - 2; x++) {
      const i = y * WINDOW + x;
      // The second difference over the edge, so that slopes of the picture itself cancel.
      const step = (d: number) =>
        Math.min(20, Math.abs(data[i] - data[i + d] - (data[i - d] - data[i + 2 * d]) / 3));
      across[(x + 1) % BLOCK] += step(1);
      along[(y + 1) % BLOCK] += step(WINDOW);
    }
  }
  const relative = (sums: Float64Array) => {
    const median = sums.slice().sort()[BLOCK >> 1] + 1;
    return sums.map((v) => Math.log((v + 1) / median));
  };
  const a = relative(across), b = relative(along);
  const off = (values: Float64Array) => Math.max(...values.subarray(1));
  return { grid: (a[0] + b[0]) / 2, offGrid: (off(a) + off(b)) / 2 };
}
