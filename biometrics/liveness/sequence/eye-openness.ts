/** How wide the eyes are open, per frame: the distance of the lids over the width of the eye, mean of both eyes. */
import { LEFT_EYE, RIGHT_EYE } from '../../landmarks/mesh-topology.ts';
import type { RefinedEye } from '../../landmarks/iris.ts';
import type { SequenceFrame } from './frame.ts';

/** Pairs of mesh points of the upper and the lower lid, one above the other. */
const LIDS_RIGHT = [[160, 144], [159, 145], [158, 153]] as const;
const LIDS_LEFT = [[387, 373], [386, 374], [385, 380]] as const;
/** In a refined contour: corners, and pairs of the middle of upper and lower lid. */
const CORNERS = [0, 8] as const;
const LIDS_REFINED = [[10, 2], [11, 3], [12, 4], [13, 5], [14, 6]] as const;

/** About 0.05 for closed eyes and 0.3 for open ones; NaN when the points are not numbers. */
export function eyeOpenness({ scene, eyes }: SequenceFrame): number {
  if (eyes !== undefined) return (refined(eyes.right) + refined(eyes.left)) / 2;
  return (openness(scene.mesh, 3, RIGHT_EYE, LIDS_RIGHT) +
    openness(scene.mesh, 3, LEFT_EYE, LIDS_LEFT)) / 2;
}

function refined({ contour }: RefinedEye): number {
  return openness(contour, 2, CORNERS, LIDS_REFINED);
}

/** @param stride numbers per point */
function openness(
  points: Float32Array,
  stride: number,
  [a, b]: readonly [number, number],
  lids: readonly (readonly [upper: number, lower: number])[],
): number {
  const dx = points[stride * b] - points[stride * a];
  const dy = points[stride * b + 1] - points[stride * a + 1];
  const width = Math.hypot(dx, dy);
  let sum = 0;
  for (const [upper, lower] of lids) {
    const x = points[stride * lower] - points[stride * upper];
    const y = points[stride * lower + 1] - points[stride * upper + 1];
    // across the line of the corners
    sum += Math.abs(dx * y - dy * x) / width;
  }
  return sum / lids.length / width;
}
