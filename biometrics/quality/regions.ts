/** Parts of the face as polygons of mesh points, and which pixels of the face patch they hold. */
import type { FacePatch } from './face-patch.ts';

/** Right and left are the person's own. */
export type Region =
  | 'face'
  | 'nose'
  | 'mouth'
  | 'top'
  | 'bottom'
  | 'rightEye'
  | 'leftEye'
  | 'rightSide'
  | 'leftSide'
  | 'rightCheek'
  | 'leftCheek';

const RINGS: Readonly<Record<Region, readonly number[]>> = {
  // deno-fmt-ignore
  face: [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
    149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109],
  nose: [6, 351, 420, 279, 358, 327, 2, 98, 129, 49, 198, 122],
  // deno-fmt-ignore
  mouth: [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185],
  // deno-fmt-ignore
  top: [10, 338, 297, 332, 284, 300, 293, 334, 296, 336, 9, 107, 66, 105, 63, 70, 54, 103, 67, 109],
  bottom: [18, 406, 424, 430, 379, 378, 400, 377, 152, 148, 176, 149, 150, 210, 204, 182],
  rightEye: [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7],
  leftEye: [263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249],
  rightSide: [21, 162, 127, 234, 93, 137, 123, 116, 143, 156, 71],
  leftSide: [251, 389, 356, 454, 323, 366, 352, 345, 372, 383, 301],
  rightCheek: [117, 118, 101, 36, 205, 187, 123],
  leftCheek: [346, 347, 330, 266, 425, 411, 352],
};

/** How much larger than the ring a region is, about its middle: lids around an eye, skin around the lips. */
const GROWTH: Readonly<Partial<Record<Region, readonly [across: number, down: number]>>> = {
  mouth: [1.15, 1.4],
  rightEye: [1.3, 2.6],
  leftEye: [1.3, 2.6],
};

export interface RegionPixels {
  /** Indices of patch pixels inside the picture. */
  readonly pixels: Int32Array;
  /** Share of the region that lies inside the picture, 0..1; 0 for an empty region. */
  readonly inside: number;
}

export function regionPixels(patch: FacePatch, region: Region): RegionPixels {
  const ring = RINGS[region].flatMap((i) => [patch.points[2 * i], patch.points[2 * i + 1]]);
  grow(ring, GROWTH[region] ?? [1, 1]);
  const all = fillPolygon(ring, patch.width, patch.height);
  const pixels = all.filter((i) => patch.inside[i] === 1);
  const area = polygonArea(ring);
  // what lies beyond the patch was never filled and counts as outside, too
  return {
    pixels,
    inside: all.length === 0 ? 0 : pixels.length / Math.max(all.length, area * 0.9),
  };
}

function grow(ring: number[], [across, down]: readonly [number, number]): void {
  const n = ring.length / 2;
  let x = 0, y = 0;
  for (let i = 0; i < n; i++) {
    x += ring[2 * i] / n;
    y += ring[2 * i + 1] / n;
  }
  for (let i = 0; i < n; i++) {
    ring[2 * i] = x + (ring[2 * i] - x) * across;
    ring[2 * i + 1] = y + (ring[2 * i + 1] - y) * down;
  }
}

function polygonArea(ring: readonly number[]): number {
  let twice = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    twice += ring[j] * ring[i + 1] - ring[i] * ring[j + 1];
  }
  return Math.abs(twice) / 2;
}

/** Indices of the pixels whose centres lie in a polygon (even-odd rule), row by row. */
function fillPolygon(ring: readonly number[], width: number, height: number): Int32Array {
  const pixels: number[] = [];
  let top = Infinity, bottom = -Infinity;
  for (let i = 1; i < ring.length; i += 2) {
    top = Math.min(top, ring[i]);
    bottom = Math.max(bottom, ring[i]);
  }
  const last = Math.min(height - 1, Math.floor(bottom));
  const crossings: number[] = [];
  for (let y = Math.max(0, Math.ceil(top)); y <= last; y++) {
    crossings.length = 0;
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const y0 = ring[j + 1], y1 = ring[i + 1];
      if ((y0 <= y) === (y1 <= y)) continue;
      crossings.push(ring[j] + (ring[i] - ring[j]) * (y - y0) / (y1 - y0));
    }
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const end = Math.min(width - 1, Math.floor(crossings[k + 1]));
      for (let x = Math.max(0, Math.ceil(crossings[k])); x <= end; x++) pixels.push(y * width + x);
    }
  }
  return Int32Array.from(pixels);
}
