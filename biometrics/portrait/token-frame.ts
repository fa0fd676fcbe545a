/**
 * The token frontal image of ISO/IEC 19794-5 (2005 clause 9, 2011 clause 10) at 480x640: eyes level, on
 * 0.6 of the width from the top, a quarter of the width apart. The same frame keeps to the portrait of
 * ICAO 9303 and ISO/IEC 39794-5 D.1: at least 90 pixels between the eyes, the eyes 50 to 70 % from below.
 */
import { type Affine, fitSimilarity, type Point } from '../align/affine.ts';
import { eyeCentre, LEFT_EYE, RIGHT_EYE } from '../landmarks/mesh-topology.ts';

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
  return fitSimilarity(TOKEN_EYES, [eyeCentre(mesh, RIGHT_EYE), eyeCentre(mesh, LEFT_EYE)]);
}
