/** What is known of a picture once its faces are found: the common input of templates, quality and liveness. */
import type { Pyramid } from './align/pyramid.ts';
import type { DetectedFace } from './types.ts';

export interface FaceScene {
  /** The upright picture, and its reductions; coordinates are pixels of `pyramid.picture`. */
  readonly pyramid: Pyramid;
  /** Faces that the mesh confirmed, most prominent first; never empty. */
  readonly faces: readonly DetectedFace[];
  /** 468 landmarks of the most prominent face: x, y, z in pixels; z grows away from the camera. */
  readonly mesh: Float32Array;
}
