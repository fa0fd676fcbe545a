/**
 * The face at one small size, level and with both eyes at fixed places, so that measures of light and colour
 * cost the same for every picture and mean the same at every resolution.
 */
import { type Affine, type Point, squareRegion, transform } from '../align/affine.ts';
import { samplePixels } from '../align/sample-pixels.ts';
import { eyeCentre, LEFT_EYE, RIGHT_EYE } from '../landmarks/mesh-topology.ts';
import type { FaceScene } from '../scene.ts';

/** Distance of the eye centres in patch pixels. */
const EYE_DISTANCE = 32;
const SIZE = 112;
/** Patch row of the eyes: 1.4 eye distances are above, room for the forehead, 2.1 below, room for the chin. */
const EYE_ROW = 45;

export interface FacePatch {
  readonly width: number;
  readonly height: number;
  /** RGB 0..255, row by row; beyond the picture its edge goes on. */
  readonly rgb: Float32Array;
  /** Luma 0..255 of each pixel (ITU-R BT.601 weights). */
  readonly luma: Float32Array;
  /** 1 where the pixel lies inside the picture. */
  readonly inside: Uint8Array;
  /** x, y of all mesh points in patch pixels. */
  readonly points: Float32Array;
  /** Distance of the eye centres in picture pixels, at least 1. */
  readonly eyeDistance: number;
  /** Picture position of a patch position. */
  toPicture(u: number, v: number): Point;
}

export function facePatch({ pyramid, mesh }: FaceScene): FacePatch {
  const right = eyeCentre(mesh, RIGHT_EYE), left = eyeCentre(mesh, LEFT_EYE);
  const distance = Math.hypot(left[0] - right[0], left[1] - right[1]);
  const eyeDistance = Number.isFinite(distance) ? Math.max(1, Math.min(1e5, distance)) : 1;
  const angle = Math.atan2(left[1] - right[1], left[0] - right[0]) || 0;
  const side = eyeDistance * SIZE / EYE_DISTANCE;
  const below = (SIZE / 2 - EYE_ROW) * side / SIZE;
  const middle: Point = [
    (right[0] + left[0]) / 2 - Math.sin(angle) * below,
    (right[1] + left[1]) / 2 + Math.cos(angle) * below,
  ];
  const centre = middle.map((v) => Number.isFinite(v) ? Math.max(-1e6, Math.min(1e6, v)) : 0);
  const m = squareRegion([centre[0], centre[1]], side, angle, SIZE);
  const rgb = samplePixels(pyramid, m, SIZE, SIZE);
  return {
    width: SIZE,
    height: SIZE,
    rgb,
    luma: lumaOf(rgb),
    inside: insideOf(m, pyramid.picture),
    points: pointsIn(mesh, m),
    eyeDistance,
    toPicture: (u, v) => transform(m, u, v),
  };
}

/** Luma of RGB triples (ITU-R BT.601 weights). */
export function lumaOf(rgb: Float32Array): Float32Array {
  const luma = new Float32Array(rgb.length / 3);
  for (let i = 0, p = 0; i < luma.length; i++, p += 3) {
    luma[i] = 0.299 * rgb[p] + 0.587 * rgb[p + 1] + 0.114 * rgb[p + 2];
  }
  return luma;
}

function insideOf(m: Affine, picture: { width: number; height: number }): Uint8Array {
  const inside = new Uint8Array(SIZE * SIZE);
  for (let i = 0, v = 0; v < SIZE; v++) {
    for (let u = 0; u < SIZE; u++, i++) {
      const [x, y] = transform(m, u, v);
      inside[i] = x >= 0 && y >= 0 && x <= picture.width - 1 && y <= picture.height - 1 ? 1 : 0;
    }
  }
  return inside;
}

/** The inverse of a similarity without reflection: the transposed turn over the squared scale. */
function pointsIn(mesh: Float32Array, [a, b, c, d, e, f]: Affine): Float32Array {
  const points = new Float32Array(mesh.length / 3 * 2);
  const scale = 1 / (a * a + d * d);
  for (let i = 0; i < points.length / 2; i++) {
    const x = mesh[3 * i] - c, y = mesh[3 * i + 1] - f;
    points[2 * i] = (a * x + d * y) * scale;
    points[2 * i + 1] = (b * x + e * y) * scale;
  }
  return points;
}
