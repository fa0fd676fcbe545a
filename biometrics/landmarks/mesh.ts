/** Fits the 468-point face mesh to a detected face. */
import { squareRegion } from '../align/affine.ts';
import type { Pyramid } from '../align/pyramid.ts';
import { cropLength, sampleCrop } from '../align/sample.ts';
import { transform } from '../align/affine.ts';
import { FaceError } from '../errors.ts';
import type { RunnableNetwork } from '../runtime/network.ts';
import type { DetectedFace } from '../types.ts';
import { MESH_POINTS } from './mesh-topology.ts';

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
  const { box, keyPoints } = face;
  const angle = crop.level ? eyeAngle(keyPoints) : 0;
  const side = Math.max(box.right - box.left, box.bottom - box.top) * crop.scale;
  const centre = [(box.left + box.right) / 2, (box.top + box.bottom) / 2] as const;
  const m = squareRegion(centre, side, angle, input.width);
  const data = new Float32Array(cropLength(input));
  sampleCrop(pyramid, m, input, data);
  const result = await network.run(data, 1);

  const points = new Float32Array(MESH_POINTS * 3);
  for (let i = 0; i < points.length; i += 3) {
    const [x, y] = transform(m, result.points[i] - 0.5, result.points[i + 1] - 0.5);
    points[i] = x;
    points[i + 1] = y;
    points[i + 2] = result.points[i + 2] * side / input.width;
  }
  return { points, presence: result.presence[0] };
}

/** Angle in radians of the line from the person's right eye to the left one; 0 is level. */
function eyeAngle(keyPoints: Float32Array): number {
  return Math.atan2(keyPoints[3] - keyPoints[1], keyPoints[2] - keyPoints[0]);
}
