/**
 * Refines both eyes of a mesh: contour of the lids and the iris. The network knows only the eye that is on
 * the left in the picture, the person's right one, so the other is shown to it mirrored.
 */
import { type Affine, squareRegion, transform } from '../align/affine.ts';
import type { Pyramid } from '../align/pyramid.ts';
import { cropLength, sampleCrop } from '../align/sample.ts';
import { FaceError } from '../errors.ts';
import type { RunnableNetwork } from '../runtime/network.ts';
import { LEFT_EYE, RIGHT_EYE } from './mesh-topology.ts';

/** Points of the network: 71 of eye and brow, then the iris: centre and four of its edge. */
const EYE_POINTS = 71;
const IRIS_POINTS = 5;

/** One eye in pixels of the picture. */
export interface RefinedEye {
  /**
   * x, y of 71 points. 0 to 8 follow the lower lid from the outer corner to the inner one, 9 to 15 the upper
   * lid the same way without the corners.
   */
  readonly contour: Float32Array;
  /** x, y of the middle of the iris and of four points of its edge. */
  readonly iris: Float32Array;
}

/** The person's own right and left. */
export interface RefinedEyes {
  readonly right: RefinedEye;
  readonly left: RefinedEye;
}

/**
 * @param network a network of task "iris" with output `points` and an "eye" crop, batch "N"
 * @param mesh x, y, z of the 468 mesh points
 * @throws FaceError PACK_INCOMPLETE for another crop
 */
export async function refineEyes(
  network: RunnableNetwork,
  pyramid: Pyramid,
  mesh: Float32Array,
): Promise<RefinedEyes> {
  const { input, crop, id } = network.spec;
  if (crop.kind !== 'eye' || input.batch !== 'N') {
    throw new FaceError('PACK_INCOMPLETE', `network ${id}: eyes need an eye crop and a free batch`);
  }
  const crops = eyeCrops(mesh, crop.scale, input.width);
  const length = cropLength(input);
  const data = new Float32Array(2 * length);
  crops.forEach((m, i) => sampleCrop(pyramid, m, input, data, i * length));
  const { points } = await network.run(data, 2);
  return eyesAt(crops, points);
}

/** Crop pixel -> picture pixel of what the network is shown of the right eye and the left one. */
export function eyeCrops(
  mesh: Float32Array,
  scale: number,
  size: number,
): readonly [Affine, Affine] {
  return [
    eyeRegion(mesh, RIGHT_EYE, scale, size),
    mirrored(eyeRegion(mesh, LEFT_EYE, scale, size), size),
  ];
}

/** @param points what the network says of both crops, one after the other */
export function eyesAt(crops: readonly [Affine, Affine], points: Float32Array): RefinedEyes {
  const each = 3 * (EYE_POINTS + IRIS_POINTS);
  const [right, left] = crops.map((m, i): RefinedEye => ({
    contour: toPicture(m, points, i * each, EYE_POINTS),
    iris: toPicture(m, points, i * each + 3 * EYE_POINTS, IRIS_POINTS),
  }));
  return { right, left };
}

/** A level square around an eye, `scale` times as wide as the distance of its corners. */
function eyeRegion(
  mesh: Float32Array,
  [outer, inner]: readonly [number, number],
  scale: number,
  size: number,
): Affine {
  const dx = mesh[3 * inner] - mesh[3 * outer], dy = mesh[3 * inner + 1] - mesh[3 * outer + 1];
  const centre = [mesh[3 * outer] + dx / 2, mesh[3 * outer + 1] + dy / 2] as const;
  // the line of both eyes turns with the head; that of one eye also with its shape
  const [a, b] = [3 * RIGHT_EYE[0], 3 * LEFT_EYE[0]];
  const angle = Math.atan2(mesh[b + 1] - mesh[a + 1], mesh[b] - mesh[a]);
  return squareRegion(centre, Math.hypot(dx, dy) * scale, angle, size);
}

/** The same region with its horizontal axis turned round. */
function mirrored([a, b, c, d, e, f]: Affine, size: number): Affine {
  return [-a, b, c + a * (size - 1), -d, e, f + d * (size - 1)];
}

function toPicture(m: Affine, points: Float32Array, from: number, count: number): Float32Array {
  const out = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const [x, y] = transform(m, points[from + 3 * i] - 0.5, points[from + 3 * i + 1] - 0.5);
    out[2 * i] = x;
    out[2 * i + 1] = y;
  }
  return out;
}
