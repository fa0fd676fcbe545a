/**
 * Noise of the sensor: how much there is where the picture is flat, how it goes along between colours
 * (demosaicing spreads each sensor pixel over three channels) and between neighbours, and whether the
 * 2 x 2 order of the colour filter shows (Popescu and Farid 2005). Media add grain of their own, and a
 * picture without any noise never came from a sensor.
 */
import type { PadDetector } from '../detector.ts';
import type { FaceView } from '../face-view.ts';
import { correlation, logOf } from '../statistics.ts';
import { WINDOW } from '../face-view.ts';

const BLOCK = 8;
/** Share of the blocks, the flattest ones, that noise is measured in. */
const FLAT = 0.25;

export const sensorNoise: PadDetector = {
  id: 'sensor-noise',
  features: [
    'level',
    'red-to-green',
    'blue-to-green',
    'red-green-together',
    'blue-green-together',
    'neighbours-across',
    'neighbours-along',
    'filter-order',
    'flat-to-all',
  ],
  words: {
    attack: 'noise that does not look like that of one sensor',
    bonaFide: 'noise as of a sensor',
  },
  measure({ view }) {
    const residuals = channels(view);
    const blocks = flattest(residuals[1]);
    const [red, green, blue] = residuals.map((plane) => gather(plane, blocks));
    const [r, g, b] = [red, green, blue].map(deviation);
    const all = deviation(residuals[1]);
    return [
      logOf(g + 0.05),
      logOf(r + 0.05) - logOf(g + 0.05),
      logOf(b + 0.05) - logOf(g + 0.05),
      correlation(red, green),
      correlation(blue, green),
      neighbour(residuals[1], blocks, 1),
      neighbour(residuals[1], blocks, WINDOW),
      filterOrder(residuals[1]),
      logOf(all + 0.05) - logOf(g + 0.05),
    ];
  },
};

/** Each channel through the mask of Immerkaer (1996), which is blind to slopes and edges along the axes. */
function channels(view: FaceView): Float32Array[] {
  const { y, cb, cr } = view.planes('native');
  const n = y.data.length;
  const red = new Float32Array(n), green = new Float32Array(n), blue = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    red[i] = y.data[i] + 1.402 * cr.data[i];
    blue[i] = y.data[i] + 1.772 * cb.data[i];
    green[i] = (y.data[i] - 0.299 * red[i] - 0.114 * blue[i]) / 0.587;
  }
  return [red, green, blue].map((plane) => {
    const out = new Float32Array(n);
    for (let v = 1; v < WINDOW - 1; v++) {
      for (let u = 1; u < WINDOW - 1; u++) {
        const i = v * WINDOW + u, a = i - WINDOW, b = i + WINDOW;
        out[i] = (plane[a - 1] + plane[a + 1] + plane[b - 1] + plane[b + 1] -
          2 * (plane[a] + plane[b] + plane[i - 1] + plane[i + 1]) + 4 * plane[i]) / 6;
      }
    }
    return out;
  });
}

/** Offsets of the blocks with the least energy, those without any (clipped) left out. */
function flattest(residual: Float32Array): number[] {
  const blocks: { at: number; energy: number }[] = [];
  for (let top = BLOCK; top < WINDOW - BLOCK; top += BLOCK) {
    for (let left = BLOCK; left < WINDOW - BLOCK; left += BLOCK) {
      const at = top * WINDOW + left;
      let energy = 0;
      for (let v = 0; v < BLOCK; v++) {
        for (let u = 0; u < BLOCK; u++) energy += residual[at + v * WINDOW + u] ** 2;
      }
      if (energy > 0.5) blocks.push({ at, energy });
    }
  }
  blocks.sort((a, b) => a.energy - b.energy);
  return blocks.slice(0, Math.max(4, Math.floor(FLAT * blocks.length))).map(({ at }) => at);
}

function gather(plane: Float32Array, blocks: readonly number[]): Float32Array {
  const out = new Float32Array(blocks.length * BLOCK * BLOCK);
  let i = 0;
  for (const at of blocks) {
    for (let v = 0; v < BLOCK; v++) {
      for (let u = 0; u < BLOCK; u++) out[i++] = plane[at + v * WINDOW + u];
    }
  }
  return out;
}

function deviation(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / Math.max(1, values.length));
}

function neighbour(plane: Float32Array, blocks: readonly number[], step: number): number {
  return correlation(gather(plane, blocks), gather(plane, blocks.map((at) => at + step)));
}

/** Unevenness of the residual over the four places of a 2 x 2 lattice: the diagonals against each other. */
function filterOrder(residual: Float32Array): number {
  let same = 1, cross = 1;
  for (let v = 1; v < WINDOW - 1; v++) {
    for (let u = 1; u < WINDOW - 1; u++) {
      const held = Math.min(4, Math.abs(residual[v * WINDOW + u]));
      if (((u + v) & 1) === 0) same += held;
      else cross += held;
    }
  }
  return Math.abs(Math.log(same / cross)) * 10;
}
