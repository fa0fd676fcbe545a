/** Named points of the 468-point face mesh (MediaPipe Face Mesh canonical topology). */
import type { Point } from '../align/affine.ts';

/** Outer and inner corner of the person's right eye (left in the picture) and left eye. */
export const RIGHT_EYE = [33, 133] as const;
export const LEFT_EYE = [263, 362] as const;
/** Middle of the forehead's upper edge, and the chin. */
export const FOREHEAD = 10;
export const CHIN = 152;
/** Points of the mesh. */
export const MESH_POINTS = 468;

/** Middle between the corners of an eye: the eye centre of ISO/IEC 19794-5 (feature points 12.1 and 12.2). */
export function eyeCentre(mesh: Float32Array, [a, b]: readonly [number, number]): Point {
  return [(mesh[3 * a] + mesh[3 * b]) / 2, (mesh[3 * a + 1] + mesh[3 * b + 1]) / 2];
}
