/** Shoulders in the picture (ISO/IEC 19794-5 7.2, shoulders square to the camera): the person below and beside the chin. */
import { transform } from '../align/affine.ts';
import { type Foreground, foregroundAt } from '../segment/foreground.ts';
import { CHIN, eyeCentre, LEFT_EYE, RIGHT_EYE } from '../landmarks/mesh-topology.ts';
import type { FaceScene } from '../scene.ts';

/** Where shoulders are, in distances from eyes to chin: beside and below the chin. */
const BESIDE = [0.45, 0.6, 0.75, 0.9];
const BELOW = [0.5, 0.65, 0.8];

/** Share of the places of both shoulders that show the person, 0 to 100; outside the picture nothing is shown. */
export function shoulders({ pyramid, mesh }: FaceScene, foreground: Foreground): number {
  const right = eyeCentre(mesh, RIGHT_EYE), left = eyeCentre(mesh, LEFT_EYE);
  const x = mesh[3 * CHIN], y = mesh[3 * CHIN + 1];
  const length = Math.hypot(x - (right[0] + left[0]) / 2, y - (right[1] + left[1]) / 2);
  const { width, height } = pyramid.picture;
  const shown = [-1, 1].map((side) => {
    let sum = 0;
    for (const beside of BESIDE) {
      for (const below of BELOW) {
        // the body does not turn with the head: upright, not along the chin
        const [px, py] = transform([length, 0, x, 0, length, y], side * beside, below);
        if (px >= 0 && py >= 0 && px < width && py < height) {
          sum += foregroundAt(foreground, px, py);
        }
      }
    }
    return sum / (BESIDE.length * BELOW.length);
  });
  const least = Math.min(shown[0], shown[1]);
  return Number.isFinite(least) ? 100 * Math.max(0, Math.min(1, least)) : 0;
}
