/**
 * Ink and panels show fewer colours than life, shift white, lift black and mirror lamps: contrast,
 * saturation, colour spread, highlights and the tint of the brightest parts (Wen, Han and Jain 2015).
 * Absolute brightness and hue of the skin are left out, as they differ between people.
 */
import type { PadDetector } from '../detector.ts';
import { logOf, quantile } from '../statistics.ts';

export const colourRange: PadDetector = {
  id: 'colour-range',
  features: [
    'black-level',
    'white-level',
    'contrast',
    'face-contrast',
    'saturation-spread',
    'saturation-top',
    'red-spread',
    'blue-spread',
    'bright-tint-red',
    'bright-tint-blue',
    'dark-tint-red',
    'dark-tint-blue',
    'clipped',
    'sheen',
  ],
  words: {
    attack: 'colours and contrast as of ink or a panel',
    bonaFide: 'colours and contrast of a live scene',
  },
  measure({ view }) {
    const { y, cb, cr } = view.planes('near');
    const n = y.data.length;
    const saturation = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      saturation[i] = Math.hypot(cb.data[i], cr.data[i]) / (y.data[i] + 16);
    }
    const sorted = y.data.slice();
    const black = quantile(sorted, 0.02), white = sorted[Math.floor(0.98 * n)];
    const low = sorted[Math.floor(0.1 * n)], high = sorted[Math.floor(0.9 * n)];
    let clipped = 0, sheen = 0;
    for (let i = 0; i < n; i++) {
      if (y.data[i] > 250) clipped++;
      if (y.data[i] > high && saturation[i] < 0.06) sheen++;
    }
    const bright = tint(y.data, cb.data, cr.data, (v) => v >= high);
    const dark = tint(y.data, cb.data, cr.data, (v) => v <= low);
    const sat = saturation.slice();
    const satTop = quantile(sat, 0.95), satLow = sat[Math.floor(0.05 * n)];
    return [
      logOf(black + 4),
      white / 64,
      logOf(white - black + 4),
      logOf(high - low + 4),
      satTop - satLow,
      satTop,
      logOf(spread(cr.data) + 0.3),
      logOf(spread(cb.data) + 0.3),
      ...bright,
      ...dark,
      logOf(clipped / n, 1e-4),
      logOf(sheen / n, 1e-4),
    ];
  },
};

function spread(values: Float32Array): number {
  const sorted = values.slice();
  return quantile(sorted, 0.9) - sorted[Math.floor(0.1 * sorted.length)];
}

/** Mean red and blue difference over luma of the chosen pixels. */
function tint(
  y: Float32Array,
  cb: Float32Array,
  cr: Float32Array,
  chosen: (luma: number) => boolean,
): [number, number] {
  let red = 0, blue = 0, luma = 1;
  for (let i = 0; i < y.length; i++) {
    if (!chosen(y[i])) continue;
    red += cr[i];
    blue += cb[i];
    luma += y[i] + 8;
  }
  return [4 * red / luma, 4 * blue / luma];
}
