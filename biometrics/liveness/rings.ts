/** Rings of a spectrum: how strong each band of frequencies is, and how far single ones stand out of it. */
import type { Spectrum } from './spectrum.ts';
import { logOf } from './statistics.ts';

/** Edges of the bands, cycles per pixel. */
const EDGES = [0.09, 0.15, 0.21, 0.28, 0.36, 0.44, 0.5] as const;

export const BANDS = EDGES.slice(1).map((edge) => String(Math.round(100 * edge)));

export interface Ring {
  /** Logarithm of the mean power. */
  readonly level: number;
  /** Logarithm of the strongest frequency over the median one. */
  readonly peak: number;
}

/** Frequencies along the axes, where pictures and JPEG blocks have peaks anyway, are left out. */
export function rings({ side, power }: Spectrum): Ring[] {
  return placesOf(side).map((places) => {
    const values = new Float32Array(places.length);
    let sum = 0, highest = 0;
    for (let i = 0; i < places.length; i++) {
      const v = power[places[i]];
      values[i] = v;
      sum += v;
      highest = Math.max(highest, v);
    }
    values.sort();
    const floor = 1e-3 * side * side;
    return {
      level: logOf(sum / values.length + floor),
      peak: logOf((highest + floor) / (values[values.length >> 1] + floor)),
    };
  });
}

const cache = new Map<number, readonly (readonly number[])[]>();

/** Indices of the frequencies of each ring, the half that is not given by symmetry. */
function placesOf(side: number): readonly (readonly number[])[] {
  const known = cache.get(side);
  if (known !== undefined) return known;
  const places: number[][] = BANDS.map(() => []);
  for (let v = 2; v < side / 2; v++) {
    for (let u = -side / 2; u < side / 2; u++) {
      const r = Math.hypot(u, v) / side;
      const band = EDGES.findLastIndex((edge) => r >= edge);
      if (Math.abs(u) < 2 || band < 0 || band >= BANDS.length) continue;
      places[band].push(v * side + (u + side) % side);
    }
  }
  cache.set(side, places);
  return places;
}
