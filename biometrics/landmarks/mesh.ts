/** Fits the 468-point face mesh to a detected face. */
import type { Pyramid } from '../align/pyramid.ts';
import { cropLength, sampleCrop } from '../align/sample.ts';
import { FaceError } from '../errors.ts';
import type { RunnableNetwork } from '../runtime/network.ts';
import type { DetectedFace } from '../types.ts';
import { eyeAngle, meshCrop, meshPoints } from './mesh-crop.ts';

export interface FaceMesh {
  /** x, y, z of every point, pixels of the picture; z grows away from the camera. */
  readonly points: Float32Array;
  /** The network's own probability that the crop shows a face, 0..1. */
  readonly presence: number;
}

/**
 * @param network a network of task "mesh" with outputs `points` and `presence` and a "box" crop
 */
export async function fitMesh(
  network: RunnableNetwork,
  pyramid: Pyramid,
  face: DetectedFace,
): Promise<FaceMesh> {
  const { input, crop } = network.spec;
  if (crop.kind !== 'box') {
    throw new FaceError('PACK_INCOMPLETE', `network ${network.spec.id}: a mesh needs a box crop`);
  }
  const angle = crop.level ? eyeAngle(face.keyPoints) : 0;
  const seen = meshCrop(face.box, crop.scale, angle, input.width);
  const data = new Float32Array(cropLength(input));
  sampleCrop(pyramid, seen.m, input, data);
  const result = await network.run(data, 1);
  return { points: meshPoints(result.points, seen), presence: result.presence[0] };
}
