/**
 * The person's own colours at soft edges, where a pixel shows person and background at once
 * (Forte: Approximate Fast Foreground Colour Estimation, 2021). Without it the old background would
 * shine as a halo round hair and shoulders on a new one.
 */
import type { Picture } from '../types.ts';
import { boxBlur } from './box-blur.ts';

/** Windows of the two passes: far enough to find pure colours, then close, so that detail stays. */
const RADII = [90, 6];

/**
 * @param alpha share of the person in each pixel, 0..1
 * @returns width x height x 3 numbers, 0..255
 */
export function foregroundColours(picture: Picture, alpha: Float32Array): Float32Array {
  const { width, height, data } = picture;
  const rest = alpha.map((value) => 1 - value);
  const out = new Float32Array(data.length);
  const weights = RADII.map((radius) => ({
    radius,
    person: boxBlur(alpha, width, height, radius),
    behind: boxBlur(rest, width, height, radius),
  }));
  const weighted = new Float32Array(alpha.length);
  for (let channel = 0; channel < 3; channel++) {
    const pixels = alpha.map((_, i) => data[3 * i + channel]);
    let person: Float32Array = pixels, behind: Float32Array = pixels;
    for (const { radius, person: personWeight, behind: behindWeight } of weights) {
      const average = (from: Float32Array, share: Float32Array, weight: Float32Array) => {
        for (let i = 0; i < weighted.length; i++) weighted[i] = from[i] * share[i];
        const sums = boxBlur(weighted, width, height, radius);
        for (let i = 0; i < sums.length; i++) {
          sums[i] = weight[i] > MIN_WEIGHT ? sums[i] / weight[i] : from[i];
        }
        return sums;
      };
      const near = average(person, alpha, personWeight);
      const far = average(behind, rest, behindWeight);
      for (let i = 0; i < near.length; i++) {
        const error = pixels[i] - alpha[i] * near[i] - rest[i] * far[i];
        near[i] = Math.max(0, Math.min(255, near[i] + alpha[i] * error));
      }
      person = near;
      behind = far;
    }
    for (let i = 0; i < alpha.length; i++) out[3 * i + channel] = person[i];
  }
  return out;
}

/** Share of a window under which it holds too little of a layer to tell its colour. */
const MIN_WEIGHT = 1e-5;
