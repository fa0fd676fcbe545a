/** How much of each pixel is the person: the coarse mask of the segmentation, refined at the picture's edges. */
import { transform } from '../align/affine.ts';
import type { Pyramid } from '../align/pyramid.ts';
import { type Foreground, foregroundAt } from '../segment/foreground.ts';
import { guidedFilter } from './guided-filter.ts';

/** Window of the guided filter in mask pixels: the mask's edge is wrong by about as much. */
const WINDOW = 2;
/** Colour variance taken for no edge; deviations of 1 % are noise and compression. */
const SMOOTHNESS = 1e-4;
/**
 * Probabilities up to which a pixel is all background, and from which all person. They lie high: a pixel
 * of background left in is seen as a fringe, a pixel of hair cut off is not.
 */
const CERTAIN: readonly [number, number] = [0.5, 0.95];

/** @returns one number 0..1 per pixel of the picture */
export function matte(pyramid: Pyramid, mask: Foreground): Float32Array {
  const { picture } = pyramid;
  const { width, height } = picture;
  const coarse = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) coarse[at] = foregroundAt(mask, x, y);
  }
  const pixelsPerMaskPixel = transform(mask.toPicture, 1, 0)[0] -
    transform(mask.toPicture, 0, 0)[0];
  const radius = Math.max(1, Math.round(WINDOW * pixelsPerMaskPixel));
  const refined = guidedFilter(picture, coarse, radius, SMOOTHNESS);
  const [none, all] = CERTAIN;
  return refined.map((value) => Math.max(0, Math.min(1, (value - none) / (all - none))));
}
