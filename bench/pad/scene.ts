/** What a camera looks at in a presentation: a face on a medium in front of something, or a face alone. */
import type { Dice } from './dice.ts';
import { blur, type Raster, sample } from './raster.ts';

/** Width in pixels of a face in LFW's deep-funneled pictures, and where its middle lies. */
const FACE_WIDTH = 100;
export const FACE_CENTRE = [125, 128] as const;

/** Share of the frame's shorter side that the face takes, the same range for bona fide and attacks. */
const FACE_SHARE = [0.3, 0.52] as const;

/** Source pixels per capture pixel so that the face fills a usual share of the frame. */
export function framing(dice: Dice, width: number, height: number): number {
  return FACE_WIDTH / (dice.range(...FACE_SHARE) * Math.min(width, height));
}

/** Where the middle of the frame points: near the face. */
export function aim(dice: Dice, scale: number, width: number): [number, number] {
  const stray = 0.05 * width * scale;
  return [FACE_CENTRE[0] + stray * dice.normal(), FACE_CENTRE[1] + stray * dice.normal()];
}

export type Background = (x: number, y: number, out: Float32Array) => void;

/**
 * A room behind a medium: a corner of another picture, enlarged and out of focus, or a plain wall that
 * gets darker to one side. Positions are capture pixels.
 */
export function drawBackground(dice: Dice, other: Raster, width: number): Background {
  if (dice.chance(0.3)) {
    const level = dice.range(0.05, 0.6);
    const colour = [1, 1, 1].map(() => level * Math.exp(0.12 * dice.normal()));
    const slope = dice.range(-0.6, 0.6) / width;
    return (x, _, out) => {
      const fall = 1 + slope * x;
      for (let c = 0; c < 3; c++) out[c] = colour[c] * fall;
    };
  }
  const soft = blur(other, dice.range(0, 2));
  // From the outer quarter of the picture, where LFW has no face.
  const left = dice.chance(0.5) ? 0 : other.width * 0.78;
  const top = dice.range(0, other.height * 0.5);
  const scale = dice.range(0.12, 0.5) * 250 / width;
  return (x, y, out) => sample(soft, left + scale * x, top + scale * y, out);
}

/** Coverage 0..1 of a soft-edged rectangle around `centre`: signed distances in plane units, edge one `pixel` wide. */
export function insideRectangle(
  dx: number,
  dy: number,
  halfWidth: number,
  halfHeight: number,
  pixel: number,
): number {
  const d = Math.min(halfWidth - Math.abs(dx), halfHeight - Math.abs(dy));
  return Math.max(0, Math.min(1, d / pixel + 0.5));
}

/** Light from a lamp or window that a surface mirrors: a soft bright spot at capture position (x, y). */
export function drawGlare(dice: Dice, width: number, height: number, strongest: number) {
  const x0 = dice.range(0, width), y0 = dice.range(0, height);
  const a = dice.range(0.03, 0.3) * width, b = dice.range(0.03, 0.2) * width;
  const strength = strongest * dice.range(0.1, 1) ** 2;
  return (x: number, y: number) => {
    const d = ((x - x0) / a) ** 2 + ((y - y0) / b) ** 2;
    return d > 12 ? 0 : strength * Math.exp(-d);
  };
}

/** Repeatable noise in 0..1 at whole positions of a lattice. */
export function latticeNoise(x: number, y: number, seed: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1) ^ seed;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** The same, smooth in between. */
export function smoothNoise(x: number, y: number, seed: number): number {
  const fx = Math.floor(x), fy = Math.floor(y), a = x - fx, b = y - fy;
  const top = latticeNoise(fx, fy, seed) * (1 - a) + latticeNoise(fx + 1, fy, seed) * a;
  const below = latticeNoise(fx, fy + 1, seed) * (1 - a) + latticeNoise(fx + 1, fy + 1, seed) * a;
  return top * (1 - b) + below * b;
}
