/**
 * Paper and ink: halftone dots, scattered dots and fibres leave a fine texture whose strength, shape
 * and reach differ from skin seen through a camera. Measured on what remains of luma and colour after
 * a small blur: spread, tails, and correlation with neighbours.
 */
import type { PadDetector } from '../detector.ts';
import type { Plane } from '../face-view.ts';
import { logOf, medianSize, quantile } from '../statistics.ts';

const LAGS = [[1, 0], [0, 1], [1, 1], [2, 0], [0, 2], [2, 2], [3, 0], [0, 3]] as const;

export const printTexture: PadDetector = {
  id: 'print-texture',
  features: ['luma', 'red-difference', 'blue-difference'].flatMap((plane) => [
    `${plane}-spread`,
    `${plane}-tails`,
    ...(plane === 'blue-difference' ? [] : LAGS.map(([x, y]) => `${plane}-lag-${x}-${y}`)),
  ]).concat('dark-to-middle', 'bright-to-middle'),
  words: {
    attack: 'a fine texture as of paper or printed dots',
    bonaFide: 'the fine texture of skin',
  },
  measure({ view }) {
    const { y, cb, cr } = view.planes('near');
    const luma = residual(y), red = residual(cr), blue = residual(cb);
    return [
      ...describe(luma),
      ...lags(luma),
      ...describe(red),
      ...lags(red),
      ...describe(blue),
      ...byBrightness(y, luma),
    ];
  },
};

/** Pixel minus the mean of its 5 x 5 neighbourhood, two pixels of the border left out. */
function residual({ width, height, data }: Plane): Plane {
  const across = new Float32Array(data.length), out = new Float32Array(data.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (x < 2 || x >= width - 2) continue;
      across[i] = (data[i - 2] + data[i - 1] + data[i] + data[i + 1] + data[i + 2]) / 5;
    }
  }
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      const i = y * width + x;
      out[i] = data[i] - (across[i - 2 * width] + across[i - width] + across[i] +
            across[i + width] + across[i + 2 * width]) / 5;
    }
  }
  return { width, height, data: out };
}

/** Logarithms of the median absolute value and of how far the mean square exceeds it: small for even grain. */
function describe({ data }: Plane): [spread: number, tails: number] {
  let square = 0;
  for (let i = 0; i < data.length; i++) square += data[i] * data[i];
  const middle = medianSize(data) + 0.05;
  return [logOf(middle), logOf(Math.sqrt(square / data.length) / middle)];
}

/** Correlation with the pixel at each lag, large values held back so that single edges do not decide. */
function lags({ width, height, data }: Plane): number[] {
  const most = 4 * (medianSize(data) + 0.05);
  const held = new Float32Array(data.length);
  let power = 1e-6;
  for (let i = 0; i < data.length; i++) {
    held[i] = Math.max(-most, Math.min(most, data[i]));
    power += held[i] * held[i];
  }
  return LAGS.map(([dx, dy]) => {
    let sum = 0;
    for (let y = 0; y < height - dy; y++) {
      const row = y * width, below = row + dy * width + dx;
      for (let x = 0; x < width - dx; x++) sum += held[row + x] * held[below + x];
    }
    return sum / power;
  });
}

/** Texture of the darkest and brightest third against the middle one: ink leaves most in mid-tones. */
function byBrightness(luma: Plane, { data }: Plane): [number, number] {
  const some = luma.data.filter((_, i) => i % 7 === 0);
  const low = quantile(some, 1 / 3), high = some[Math.floor(some.length * 2 / 3)];
  const sums = [0.5, 0.5, 0.5], counts = [1, 1, 1];
  for (let i = 0; i < data.length; i++) {
    const third = luma.data[i] < low ? 0 : luma.data[i] < high ? 1 : 2;
    sums[third] += Math.min(12, Math.abs(data[i]));
    counts[third]++;
  }
  const mean = (i: number) => Math.log(sums[i] / counts[i]);
  return [mean(0) - mean(1), mean(2) - mean(1)];
}
