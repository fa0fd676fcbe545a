/** The crop that the mesh network sees of a face, and its points back in the picture. */
import { type Affine, squareRegion, transform } from '../align/affine.ts';
import type { Box } from '../types.ts';
import { MESH_POINTS } from './mesh-topology.ts';

export interface MeshCrop {
  /** Crop pixel -> picture pixel. */
  readonly m: Affine;
  /** Length of a side, in pixels of the picture and of the crop. */
  readonly side: number;
  readonly size: number;
}

/**
 * The square around a face.
 * @param scale how many times larger it is than the longer side of the box
 * @param angle of its upper edge, radians
 */
export function meshCrop(box: Box, scale: number, angle: number, size: number): MeshCrop {
  const side = Math.max(box.right - box.left, box.bottom - box.top) * scale;
  const centre = [(box.left + box.right) / 2, (box.top + box.bottom) / 2] as const;
  return { m: squareRegion(centre, side, angle, size), side, size };
}

/** x, y, z of all points in pixels of the picture, from what the network says in pixels of the crop. */
export function meshPoints(raw: ArrayLike<number>, { m, side, size }: MeshCrop): Float32Array {
  const points = new Float32Array(3 * MESH_POINTS);
  for (let i = 0; i < points.length; i += 3) {
    const [x, y] = transform(m, raw[i] - 0.5, raw[i + 1] - 0.5);
    points[i] = x;
    points[i + 1] = y;
    points[i + 2] = raw[i + 2] * side / size;
  }
  return points;
}

/** Angle in radians of the line from the person's right eye to the left one; 0 is level. */
export function eyeAngle(keyPoints: Float32Array): number {
  return Math.atan2(keyPoints[3] - keyPoints[1], keyPoints[2] - keyPoints[0]);
}
