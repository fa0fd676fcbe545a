/** Cuts a crop out of a picture as plain pixels, for measures that look at colours themselves. */
import type { Affine } from './affine.ts';
import type { Pyramid } from './pyramid.ts';
import { sampleCrop } from './sample.ts';

/**
 * RGB 0..255 of a crop, row by row; beyond the picture its edge goes on.
 * @param m crop pixel -> picture pixel
 */
export function samplePixels(
  pyramid: Pyramid,
  m: Affine,
  width: number,
  height: number,
): Float32Array {
  const out = new Float32Array(width * height * 3);
  sampleCrop(pyramid, m, {
    name: 'pixels',
    layout: 'NHWC',
    width,
    height,
    channels: 'RGB',
    mean: [0, 0, 0],
    scale: [1, 1, 1],
    batch: 1,
    outside: 'edge',
  }, out);
  return out;
}
