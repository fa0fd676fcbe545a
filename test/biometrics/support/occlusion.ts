/** Paints objects over faces, so that measures of visibility can be tested against a known truth. */
import type { Picture } from '../../../biometrics/types.ts';

/** Position relative to the face: eye distances from the middle between the eyes, to the person's left and down. */
export interface Occluder {
  readonly shape: 'box' | 'ellipse';
  readonly x: number;
  readonly y: number;
  /** Half sizes in eye distances. */
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** Radians, clockwise. */
  readonly turn?: number;
  /** Colour at a position in picture pixels. */
  readonly colour: (x: number, y: number) => readonly [number, number, number];
}

/** Middle between the eyes, the eye line's unit vector and the eye distance, from mesh points. */
export function faceFrame(mesh: Float32Array) {
  const at = (a: number, b: number, axis: number) => (mesh[3 * a + axis] + mesh[3 * b + axis]) / 2;
  const [rx, ry, lx, ly] = [at(33, 133, 0), at(33, 133, 1), at(263, 362, 0), at(263, 362, 1)];
  const distance = Math.hypot(lx - rx, ly - ry);
  return {
    x: (rx + lx) / 2,
    y: (ry + ly) / 2,
    distance,
    cos: (lx - rx) / distance,
    sin: (ly - ry) / distance,
  };
}

/** True where the occluder covers the picture position. */
export function covers(
  frame: ReturnType<typeof faceFrame>,
  { shape, x, y, halfWidth, halfHeight, turn = 0 }: Occluder,
  px: number,
  py: number,
): boolean {
  const dx = (px - frame.x) / frame.distance, dy = (py - frame.y) / frame.distance;
  const u = dx * frame.cos + dy * frame.sin - x, v = dy * frame.cos - dx * frame.sin - y;
  const cos = Math.cos(turn), sin = Math.sin(turn);
  const a = Math.abs(u * cos + v * sin) / halfWidth, b = Math.abs(v * cos - u * sin) / halfHeight;
  return shape === 'box' ? a <= 1 && b <= 1 : a * a + b * b <= 1;
}

/** A copy of the picture with the occluders before the face, edges two by two smoothed. */
export function occlude(
  picture: Picture,
  mesh: Float32Array,
  occluders: readonly Occluder[],
): Picture {
  const frame = faceFrame(mesh);
  const data = picture.data.slice();
  for (let i = 0, y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++, i += 3) {
      for (const occluder of occluders) {
        let share = 0;
        for (const [ox, oy] of [[-0.25, -0.25], [0.25, -0.25], [-0.25, 0.25], [0.25, 0.25]]) {
          if (covers(frame, occluder, x + ox, y + oy)) share += 0.25;
        }
        if (share === 0) continue;
        const colour = occluder.colour(x, y);
        for (let c = 0; c < 3; c++) data[i + c] += share * (colour[c] - data[i + c]);
      }
    }
  }
  return { ...picture, data };
}

/** One colour with a little repeatable grain, as cloth and skin have. */
export function plain(
  red: number,
  green: number,
  blue: number,
  grain = 4,
): Occluder['colour'] {
  return (x, y) => {
    const hash = Math.imul(Math.imul(x + 1, 374761393) ^ Math.imul(y + 1, 668265263), 1274126177);
    const shift = ((hash >>> 16 & 255) / 255 - 0.5) * 2 * grain;
    return [red + shift, green + shift, blue + shift].map((v) => Math.max(0, Math.min(255, v))) as [
      number,
      number,
      number,
    ];
  };
}

const box = (
  x: number,
  y: number,
  halfWidth: number,
  halfHeight: number,
  colour: Occluder['colour'],
): Occluder => ({ shape: 'box', x, y, halfWidth, halfHeight, colour });
const ellipse = (
  x: number,
  y: number,
  halfWidth: number,
  halfHeight: number,
  colour: Occluder['colour'],
): Occluder => ({ shape: 'ellipse', x, y, halfWidth, halfHeight, colour });

/** Everyday objects, and the parts that each covers wholly. */
export const OBJECTS = {
  sunglasses: {
    covers: ['rightEye', 'leftEye'],
    paint: (
      c,
    ) => [
      ellipse(-0.5, 0.04, 0.44, 0.32, c),
      ellipse(0.5, 0.04, 0.44, 0.32, c),
      box(0, -0.1, 0.3, 0.05, c),
    ],
  },
  bar: { covers: ['rightEye', 'leftEye'], paint: (c) => [box(0, 0, 1.3, 0.3, c)] },
  mask: { covers: ['nose', 'mouth', 'bottom'], paint: (c) => [box(0, 1.15, 1.05, 0.8, c)] },
  scarf: { covers: ['mouth', 'bottom'], paint: (c) => [box(0, 1.8, 1.4, 0.85, c)] },
  hand: { covers: ['mouth'], paint: (c) => [ellipse(0.1, 1.15, 0.75, 0.42, c)] },
  'nose patch': { covers: ['nose'], paint: (c) => [ellipse(0, 0.45, 0.42, 0.52, c)] },
  hat: { covers: ['top'], paint: (c) => [box(0, -0.95, 1.4, 0.65, c)] },
  'chin patch': { covers: ['bottom'], paint: (c) => [ellipse(0, 1.65, 0.6, 0.4, c)] },
  'left side': { covers: ['leftSide'], paint: (c) => [box(1.25, 0.2, 0.4, 1, c)] },
  'right side': { covers: ['rightSide'], paint: (c) => [box(-1.25, 0.2, 0.4, 1, c)] },
  'one eye': { covers: ['leftEye'], paint: (c) => [ellipse(0.5, 0, 0.42, 0.34, c)] },
} as const satisfies Record<
  string,
  { covers: readonly string[]; paint: (colour: Occluder['colour']) => readonly Occluder[] }
>;
