/** Puts the person of a picture in front of a plain colour. */
import type { Picture } from '../types.ts';
import type { Colour } from './colour.ts';
import { foregroundColours } from './foreground-colour.ts';

/**
 * Mean colour of the background, every pixel counting by how much of it is background; that of the whole
 * picture when it shows none.
 * @param alpha share of the person in each pixel, 0..1
 */
export function meanBackground({ data }: Picture, alpha: Float32Array): Colour {
  const sums = [0, 0, 0], all = [0, 0, 0];
  let weight = 0;
  for (let i = 0; i < alpha.length; i++) {
    const share = 1 - alpha[i];
    weight += share;
    for (let channel = 0; channel < 3; channel++) {
      sums[channel] += share * data[3 * i + channel];
      all[channel] += data[3 * i + channel];
    }
  }
  const [red, green, blue] = weight >= 1
    ? sums.map((sum) => sum / weight)
    : all.map((sum) => sum / alpha.length);
  return [red, green, blue];
}

/** The person in front of `colour`, with the old background taken out of soft edges. */
export function replaceBackground(picture: Picture, alpha: Float32Array, colour: Colour): Picture {
  const own = foregroundColours(picture, alpha);
  const data = new Uint8Array(picture.data.length);
  for (let pixel = 0, i = 0; pixel < alpha.length; pixel++) {
    const share = alpha[pixel];
    for (let channel = 0; channel < 3; channel++, i++) {
      data[i] = share * own[i] + (1 - share) * colour[channel] + 0.5;
    }
  }
  return { ...picture, data };
}
