/**
 * What tells a visible part of a face from an object before it, without a network: how its colour, light,
 * texture and symmetry relate to the person's own skin.
 */
import type { FacePatch } from './face-patch.ts';
import { EYE_DISTANCE } from './face-patch.ts';
import { agreement, blueness, CHROMA_SPREAD, redness, type SkinColour } from './skin.ts';

export const FEATURES = [
  'agreement with skin',
  'redness beyond skin',
  'its square',
  'blueness beyond skin',
  'its square',
  'spread of chroma',
  'light beyond skin',
  'its square',
  'darkest tenth',
  'brightest tenth',
  'texture across',
  'texture down',
  'difference to the mirror image',
] as const;

/**
 * One value per entry of FEATURES, each about -3..3.
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
  const texture = (value: number) => Math.log(0.01 + value / n / light * EYE_DISTANCE / 32) + 3;
  return Float64Array.of(
    2 * agree / n - 1,
    clip(meanRed),
    clip(meanRed ** 2),
    clip(meanBlue),
    clip(meanBlue ** 2),
    clip(spread),
    clip(2 * relative),
    clip(4 * relative ** 2),
    clip(2 * (values[Math.floor(0.1 * n)] / light - 0.5)),
    clip(2 * (values[Math.floor(0.9 * n)] / light - 1)),
    clip(texture(across)),
    clip(texture(down)),
    clip(4 * asymmetry / n / light),
  );
}

function clip(value: number): number {
  return Math.max(-3, Math.min(3, value));
}
