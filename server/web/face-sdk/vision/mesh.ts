/** Fits the face mesh to a frame, from a detection or from where the face was a moment ago. */
import { type Affine, squareRegion, transform } from '../../../../biometrics/align/affine.ts';
import {
  LEFT_EYE,
  MESH_POINTS,
  RIGHT_EYE,
} from '../../../../biometrics/landmarks/mesh-topology.ts';
import type { Box, DetectedFace } from '../../../../biometrics/types.ts';
import type { Frame } from './frame.ts';
import type { Looker } from './networks.ts';

export interface Mesh {
  /** x, y, z of 468 points in pixels of the frame. */
  readonly points: Float32Array;
  /** The network's probability that it saw a face, 0..1. */
  readonly presence: number;
}

/** Where to look. */
export interface Region {
  readonly box: Box;
  /** Angle of the line between the eyes, radians. */
  readonly angle: number;
}

export function regionOfFace({ box, keyPoints }: DetectedFace): Region {
  return { box, angle: Math.atan2(keyPoints[3] - keyPoints[1], keyPoints[2] - keyPoints[0]) };
}

/** Side of a detector's box as a share of the longer side of the mesh's: median of 500 pictures of LFW View 1. */
const BOX_OF_MESH = 0.935;

export function regionOfMesh({ points }: Mesh): Region {
  const { left, top, right, bottom } = boundsOf(points);
  const half = Math.max(right - left, bottom - top) * BOX_OF_MESH / 2;
  const x = (left + right) / 2, y = (top + bottom) / 2;
  const [r, l] = [3 * RIGHT_EYE[0], 3 * LEFT_EYE[0]];
  return {
    box: { left: x - half, top: y - half, right: x + half, bottom: y + half },
    angle: Math.atan2(points[l + 1] - points[r + 1], points[l] - points[r]),
  };
}

export function boundsOf(points: Float32Array): Box {
  let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
  for (let i = 0; i < points.length; i += 3) {
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    top = Math.min(top, points[i + 1]);
    bottom = Math.max(bottom, points[i + 1]);
  }
  return { left, top, right, bottom };
}

export async function fitMesh(network: Looker, frame: Frame, region: Region): Promise<Mesh> {
  const { box, angle } = region, { input: { width: size }, cropScale = 1 } = network.entry;
  const side = Math.max(box.right - box.left, box.bottom - box.top) * cropScale;
  const centre = [(box.left + box.right) / 2, (box.top + box.bottom) / 2] as const;
  const m: Affine = squareRegion(centre, side, angle, size);
  const { points: raw, presence } = await network.look(frame.crop(m, size), size);
  const points = new Float32Array(3 * MESH_POINTS);
  for (let i = 0; i < points.length; i += 3) {
    const [x, y] = transform(m, raw[i] - 0.5, raw[i + 1] - 0.5);
    points[i] = x;
    points[i + 1] = y;
    points[i + 2] = raw[i + 2] * side / size;
  }
  return { points, presence: presence[0] };
}
