/**
 * The token frontal image of ISO/IEC 19794-5 (2005 clause 9, 2011 clause 10) at 480x640: eyes level, on
 * 0.6 of the width from the top, a quarter of the width apart. The same frame keeps to the portrait of
 * ICAO 9303 and ISO/IEC 39794-5 D.1: at least 90 pixels between the eyes, the eyes 50 to 70 % from below.
 */
import { type Affine, fitSimilarity, type Point } from '../align/affine.ts';
import { LEFT_EYE, RIGHT_EYE } from '../landmarks/mesh-topology.ts';

export const TOKEN_WIDTH = 480;
export const TOKEN_HEIGHT = 640;

/** Middles of the person's right and left eye; the standard counts pixels from 1, we from 0. */
export const TOKEN_EYES: readonly [right: Point, left: Point] = [
  [0.375 * TOKEN_WIDTH - 1, 0.6 * TOKEN_WIDTH - 1],
  [0.625 * TOKEN_WIDTH - 1, 0.6 * TOKEN_WIDTH - 1],
];

/**
 * Where each pixel of the token image comes from: token pixel -> picture pixel.
 * @param mesh x, y, z of the 468 mesh points
 */
export function tokenFrame(mesh: Float32Array): Affine {
  return fitSimilarity(TOKEN_EYES, [middle(mesh, RIGHT_EYE), middle(mesh, LEFT_EYE)]);
}

/** The middle of an eye's corners: the eye centre of the standard (feature points 12.1 and 12.2). */
function middle(mesh: Float32Array, [outer, inner]: readonly [number, number]): Point {
  return [
    (mesh[3 * outer] + mesh[3 * inner]) / 2,
    (mesh[3 * outer + 1] + mesh[3 * inner + 1]) / 2,
  ];
}
