/**
 * What tells a visible part of a face from an object before it, without a network: how its colour, light,
 * texture and symmetry relate to the person's own skin.
 */
import type { FacePatch } from './face-patch.ts';
import { agreement, blueness, CHROMA_SPREAD, redness, type SkinColour } from './skin.ts';

/**
 * 21 values, most within -3..3: agreement with skin; redness and blueness beyond skin's, each with its square;
 * spread of chroma; light beyond skin's with its square; darkest and brightest tenth; texture across and down;
 * difference to the mirror image; the squares of the last five; texture across times down, agreement times
 * light, darkest times brightest.
 * @param pixels of the region, not empty
 */
export function regionFeatures(
  patch: FacePatch,
  pixels: Int32Array,
  skin: SkinColour,
): Float64Array {
  const { rgb, luma, width } = patch;
  const n = pixels.length, light = skin.luma + 16;
  let agree = 0, red = 0, redSquare = 0, blue = 0, blueSquare = 0, sum = 0;
  let across = 0, down = 0, asymmetry = 0;
  const values = new Float32Array(n);
  const last = luma.length - 1;
  // the eyes are level and centred, so the mirror image is that of the patch
  for (let k = 0; k < n; k++) {
    const i = pixels[k];
    agree += agreement(patch, i, skin);
    const r = (redness(rgb, i) - skin.red) / CHROMA_SPREAD;
    const b = (blueness(rgb, i) - skin.blue) / CHROMA_SPREAD;
    red += r;
    redSquare += r * r;
    blue += b;
    blueSquare += b * b;
    const value = luma[i], x = i % width;
    values[k] = value;
    sum += value;
    across += Math.abs(luma[Math.min(last, i + 1)] - value);
    down += Math.abs(luma[Math.min(last, i + width)] - value);
    asymmetry += Math.abs(luma[i - x + width - 1 - x] - value);
  }
  values.sort();
  const meanRed = red / n, meanBlue = blue / n, relative = sum / n / light - 1;
  const spread = Math.sqrt(
    Math.max(0, redSquare / n - meanRed ** 2) + Math.max(0, blueSquare / n - meanBlue ** 2),
  );
  const agreed = 2 * agree / n - 1, lighter = clip(2 * relative);
  const dark = clip(2 * (values[Math.floor(0.1 * n)] / light - 0.5));
  const bright = clip(2 * (values[Math.floor(0.9 * n)] / light - 1));
  const texture = [across, down].map((sum) => clip(Math.log(0.01 + sum / n / light) + 3));
  const mirror = clip(4 * asymmetry / n / light);
  return Float64Array.of(
    agreed,
    clip(meanRed),
    clip(meanRed ** 2),
    clip(meanBlue),
    clip(meanBlue ** 2),
    clip(spread),
    lighter,
    clip(4 * relative ** 2),
    dark,
    bright,
    texture[0],
    texture[1],
    mirror,
    dark ** 2 / 2,
    bright ** 2 / 2,
    texture[0] ** 2 / 2,
    texture[1] ** 2 / 2,
    mirror ** 2 / 2,
    texture[0] * texture[1],
    agreed * lighter,
    dark * bright,
  );
}

function clip(value: number): number {
  return Math.max(-3, Math.min(3, value));
}
