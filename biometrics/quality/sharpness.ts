/**
 * Sharpness (ISO/IEC 29794-5 7.3.8) as the perceptual blur of Crete et al. 2007, "The blur effect": a sharp
 * picture loses much of its differences between neighbours when blurred once more, a blurred one little.
 */
import { squareRegion } from '../align/affine.ts';
import { samplePixels } from '../align/sample-pixels.ts';
import type { FaceScene } from '../scene.ts';
import { lumaOf } from './face-patch.ts';
import { eyeCentre, LEFT_EYE, RIGHT_EYE } from '../landmarks/mesh-topology.ts';

/** Eye distance in pixels to which larger faces are reduced; smaller ones are seen as they are. */
const EYE_DISTANCE = 60;
/** The region is this many eye distances wide: brows to chin. */
const REACH = 2.2;
const TAPS = 9;

/** 0 (no detail) to 100. */
export function sharpness({ pyramid, mesh }: FaceScene, eyeDistance: number): number {
  const right = eyeCentre(mesh, RIGHT_EYE), left = eyeCentre(mesh, LEFT_EYE);
  const nose = [mesh[3], mesh[4]];
  const x = (right[0] + left[0]) / 4 + nose[0] / 2, y = (right[1] + left[1]) / 4 + nose[1] / 2;
  if (!(Math.abs(x) < 1e6 && Math.abs(y) < 1e6)) return 0;
  const side = eyeDistance * REACH;
  const size = Math.max(2 * TAPS, Math.round(Math.min(eyeDistance, EYE_DISTANCE) * REACH));
  const luma = lumaOf(samplePixels(pyramid, squareRegion([x, y], side, 0, size), size, size));
  const blur = Math.max(blurAlong(luma, size, 1), blurAlong(luma, size, size));
  return 100 * Math.max(0, Math.min(1, 1 - blur));
}

/**
 * 0 (sharp) to 1: the share of differences along an axis that a moving average of nine leaves.
 * @param step index distance of neighbours: 1 along rows, `size` along columns
 */
function blurAlong(luma: Float32Array, size: number, step: number): number {
  const other = step === 1 ? size : 1, half = TAPS >> 1;
  let total = 0, lost = 0;
  for (let line = 0; line < size; line++) {
    const start = line * other;
    let sum = 0;
    for (let k = 0; k < TAPS; k++) sum += luma[start + k * step];
    let previous = sum;
    for (let at = half + 1; at < size - half; at++) {
      const i = start + at * step;
      sum += luma[i + half * step] - luma[i - (half + 1) * step];
      const sharp = Math.abs(luma[i] - luma[i - step]), blurred = Math.abs(sum - previous) / TAPS;
      previous = sum;
      total += sharp;
      lost += Math.max(0, sharp - blurred);
    }
  }
  return total === 0 ? 1 : 1 - lost / total;
}
