/**
 * Regular patterns: where the pixel grid of a display, or a printing screen, meets the pixel grid of
 * the camera, the spectrum shows single frequencies that stand far above their surroundings (Patel, Han
 * and Jain 2015; Garcia and de Queiroz 2015). The 8 x 8 grid of JPEG and lines along the axes do not count.
 */
import type { PadDetector } from '../detector.ts';
import type { Spectrum } from '../spectrum.ts';
import { logOf } from '../statistics.ts';

export const screenMoire: PadDetector = {
  id: 'screen-moire',
  features: [
    'near-luma-peak',
    'near-luma-peaks',
    'near-chroma-peak',
    'near-chroma-peaks',
    'native-luma-peak',
    'native-luma-peaks',
    'native-chroma-peak',
    'native-chroma-peaks',
  ],
  words: {
    attack: 'regular patterns as of a display or a printing screen',
    bonaFide: 'no regular patterns',
  },
  measure({ view }) {
    return [...view.spectra('near'), ...view.spectra('native')].flatMap((spectrum) => {
      const { highest, many } = peaks(spectrum);
      return [highest, many];
    });
  },
};

/** Lowest frequency looked at, cycles per pixel: below it faces have structure of their own. */
const LOWEST = 0.1;
const RING = 2;
/** A frequency this many times above the median of its ring is a peak; noise alone gives one in a million. */
const PEAK = 20;

/** How far the highest peak stands above its ring, and how much power peaks hold, both as logarithms. */
function peaks({ side, power }: Spectrum): { highest: number; many: number } {
  const half = side / 2, rings = Math.ceil(half / RING) + 1;
  const members: number[][] = Array.from({ length: rings }, () => []);
  for (let v = 0; v < half; v++) {
    for (let u = -half; u < half; u++) {
      const r = Math.hypot(u, v);
      if (r < LOWEST * side || r >= half || isGrid(u, v, side)) continue;
      members[Math.floor(r / RING)].push(power[v * side + (u + side) % side]);
    }
  }
  let highest = 0, excess = 0, count = 0;
  for (const ring of members) {
    if (ring.length < 8) continue;
    const sorted = Float32Array.from(ring).sort();
    const median = sorted[sorted.length >> 1] + 1e-9;
    for (let i = sorted.length - 1; i >= 0 && sorted[i] > PEAK * median; i--) {
      excess += sorted[i] / median - PEAK;
    }
    highest = Math.max(highest, sorted[sorted.length - 1] / median);
    count += sorted.length;
  }
  return { highest: logOf(highest, 1), many: logOf(excess / count, 1e-4) };
}

/** Frequencies of the JPEG grid and of lines along the axes, where pictures have peaks anyway. */
function isGrid(u: number, v: number, side: number): boolean {
  const near = (w: number) => {
    const rest = ((w % (side / 8)) + side / 8) % (side / 8);
    return Math.min(rest, side / 8 - rest) <= 1;
  };
  return Math.abs(u) <= 1 || v <= 1 || (near(u) && near(v));
}
