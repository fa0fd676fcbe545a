/** Fits the face mesh to a frame, from a detection or from where the face was a moment ago. */
import { boundsOf } from '../../../../biometrics/align/scene-box.ts';
import { eyeAngle, meshCrop, meshPoints } from '../../../../biometrics/landmarks/mesh-crop.ts';
import { LEFT_EYE, RIGHT_EYE } from '../../../../biometrics/landmarks/mesh-topology.ts';
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
  return { box, angle: eyeAngle(keyPoints) };
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

export async function fitMesh(network: Looker, frame: Frame, region: Region): Promise<Mesh> {
  const { input: { width: size }, cropScale = 1 } = network.entry;
  const crop = meshCrop(region.box, cropScale, region.angle, size);
  const { points, presence } = await network.look(frame.crop(crop.m, size), size);
  return { points: meshPoints(points, crop), presence: presence[0] };
}
