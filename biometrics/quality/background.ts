/**
 * Background uniformity (ISO/IEC 29794-5 7.3.2): how plain everything behind the person is, from differences
 * of neighbours and from the spread of its colours.
 */
import type { Pyramid } from '../align/pyramid.ts';
import { letterbox } from '../align/affine.ts';
import { samplePixels } from '../align/sample-pixels.ts';
import { type Foreground, foregroundAt } from '../segment/foreground.ts';

/** Longer side at which the background is looked at: finer grain is noise. */
const SIDE = 96;
/** A pixel is background where the person is less likely than this; the soft edge of hair is left out. */
const MOST_PERSON = 0.1;
/** With less background than this share of the picture there is nothing to rate. */
const LEAST_SHARE = 0.02;
/** Differences, in levels of 0..255, that halve the score: of neighbours, and of all from their mean. */
const HALF_AT_STEP = 6;
const HALF_AT_SPREAD = 40;

/** 0 (busy) to 100 (one even colour); 0 also when next to no background is seen. */
export function backgroundUniformity(pyramid: Pyramid, foreground: Foreground): number {
  const { width: pictureWidth, height: pictureHeight } = pyramid.picture;
  const scale = SIDE / Math.max(pictureWidth, pictureHeight);
  const width = Math.max(2, Math.round(pictureWidth * scale));
  const height = Math.max(2, Math.round(pictureHeight * scale));
  const m = letterbox(pictureWidth, pictureHeight, width, height);
  const rgb = samplePixels(pyramid, m, width, height);
  const isBackground = new Uint8Array(width * height);
  const mean = [0, 0, 0], square = [0, 0, 0];
  let count = 0;
  for (let i = 0, v = 0; v < height; v++) {
    for (let u = 0; u < width; u++, i++) {
      const isPerson = !(foregroundAt(foreground, m[0] * u + m[2], m[4] * v + m[5]) < MOST_PERSON);
      if (isPerson) continue;
      isBackground[i] = 1;
      count++;
      for (let c = 0; c < 3; c++) {
        mean[c] += rgb[3 * i + c];
        square[c] += rgb[3 * i + c] ** 2;
      }
    }
  }
  if (count < LEAST_SHARE * width * height) return 0;
  let steps = 0, pairs = 0;
  const compare = (i: number, j: number) => {
    if (isBackground[j] === 0) return;
    pairs++;
    for (let c = 0; c < 3; c++) steps += Math.abs(rgb[3 * i + c] - rgb[3 * j + c]) / 3;
  };
  for (let i = 0; i < width * height; i++) {
    if (isBackground[i] === 0) continue;
    if ((i + 1) % width !== 0) compare(i, i + 1);
    if (i + width < width * height) compare(i, i + width);
  }
  let variance = 0;
  for (let c = 0; c < 3; c++) {
    variance += Math.max(0, square[c] / count - (mean[c] / count) ** 2) / 3;
  }
  const step = pairs === 0 ? 0 : steps / pairs;
  return 100 * Math.pow(0.5, step / HALF_AT_STEP + Math.sqrt(variance) / HALF_AT_SPREAD);
}
