/** Where the crop of a network lies in the picture, from the crop rule of its manifest entry. */
import type { NetworkCrop, NetworkInput } from '../../models/mod.ts';
import { FaceError } from '../errors.ts';
import { LEFT_EYE, MESH_POINTS, RIGHT_EYE } from '../landmarks/mesh-topology.ts';
import type { FaceScene } from '../scene.ts';
import { type Affine, fitSimilarity, letterbox, type Point, squareRegion } from './affine.ts';
import { boundsOf, sceneBox } from './scene-box.ts';

/**
 * The crop of a network that looks at a face in its surroundings.
 * @returns crop pixel -> picture pixel
 * @throws FaceError PACK_INCOMPLETE for a crop rule that starts from something else than picture and mesh
 */
export function sceneCrop(
  crop: NetworkCrop,
  input: NetworkInput,
  { pyramid: { picture }, mesh }: Pick<FaceScene, 'pyramid' | 'mesh'>,
): Affine {
  if (crop.kind === 'scene-box') return sceneBox(boundsOf(mesh), crop.scale, picture, input);
  if (crop.kind === 'frame') {
    return letterbox(picture.width, picture.height, input.width, input.height);
  }
  return meshCrop(crop, input, mesh);
}

/**
 * @param mesh x, y, z of the 468 mesh points
 * @returns crop pixel -> picture pixel
 * @throws FaceError PACK_INCOMPLETE for a crop rule that does not start from a mesh, or from points it lacks
 */
export function meshCrop(crop: NetworkCrop, input: NetworkInput, mesh: Float32Array): Affine {
  switch (crop.kind) {
    case 'mesh-box':
      return meshBox(mesh, input.width, crop.scale, crop.shiftY);
    case 'points': {
      const missing = crop.points.flatMap((p) => p.mesh).find((index) => index >= MESH_POINTS);
      if (missing !== undefined) {
        throw new FaceError('PACK_INCOMPLETE', `crop points: the mesh has no point ${missing}`);
      }
      const targets = crop.points.map((p): Point => [p.x * input.width, p.y * input.height]);
      const sources = crop.points.map((p) => average(mesh, p.mesh));
      return fitSimilarity(targets, sources);
    }
    default:
      throw new FaceError('PACK_INCOMPLETE', `crop ${crop.kind}: cannot be cut from a mesh`);
  }
}

/** A square around the mesh, levelled by the eyes, longer side x `scale`, moved down by `shiftY` x side. */
function meshBox(mesh: Float32Array, size: number, scale: number, shiftY: number): Affine {
  const right = average(mesh, RIGHT_EYE), left = average(mesh, LEFT_EYE);
  const angle = Math.atan2(left[1] - right[1], left[0] - right[0]);
  const cos = Math.cos(angle), sin = Math.sin(angle);
  let minX = Infinity, maxX = -Infinity, minY = Infinity, maxY = -Infinity;
  for (let i = 0; i < MESH_POINTS; i++) {
    const px = mesh[3 * i], py = mesh[3 * i + 1];
    const x = px * cos + py * sin, y = py * cos - px * sin;
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  const side = Math.max(maxX - minX, maxY - minY) * scale;
  const x = (minX + maxX) / 2, y = (minY + maxY) / 2 + shiftY * side;
  return squareRegion([x * cos - y * sin, x * sin + y * cos], side, angle, size);
}

function average(mesh: Float32Array, indices: readonly number[]): Point {
  let x = 0, y = 0;
  for (const i of indices) {
    x += mesh[3 * i] / indices.length;
    y += mesh[3 * i + 1] / indices.length;
  }
  return [x, y];
}
