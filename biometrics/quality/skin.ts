/**
 * The colour of a person's own skin, found in the face itself: the visible parts of a face agree with each
 * other, an object before it seldom agrees with them.
 */
import type { FacePatch } from './face-patch.ts';
import { type Region, regionPixels } from './regions.ts';

export interface SkinColour {
  /** Mean luma 0..255. */
  readonly luma: number;
  /** Mean of ln((R + 8) / (G + 8)): redness. */
  readonly red: number;
  /** Mean of ln((B + 8) / (G + 8)): blueness, negative for skin in white light. */
  readonly blue: number;
}

/** Parts that show skin, each a candidate for what the rest is compared with. */
const SEEDS: readonly Region[] = ['top', 'rightCheek', 'leftCheek', 'nose', 'bottom'];
/** How far one person's skin varies over the face: chroma in its logarithmic unit, luma as a share. */
export const CHROMA_SPREAD = 0.12;
const LUMA_SPREAD = 0.45;
/** Median redness and blueness of the cheeks of 1,000 pictures of LFW View 1, and their spread. */
const USUAL = { red: 0.26, blue: -0.18, redSpread: 0.1, blueSpread: 0.12 };

export function redness(rgb: Float32Array, pixel: number): number {
  return Math.log((rgb[3 * pixel] + 8) / (rgb[3 * pixel + 1] + 8));
}

export function blueness(rgb: Float32Array, pixel: number): number {
  return Math.log((rgb[3 * pixel + 2] + 8) / (rgb[3 * pixel + 1] + 8));
}

/** How well a pixel agrees with a skin colour, 0..1. */
export function agreement(patch: FacePatch, pixel: number, skin: SkinColour): number {
  const red = (redness(patch.rgb, pixel) - skin.red) / CHROMA_SPREAD;
  const blue = (blueness(patch.rgb, pixel) - skin.blue) / CHROMA_SPREAD;
  const light = (patch.luma[pixel] - skin.luma) / (LUMA_SPREAD * (skin.luma + 16));
  return Math.exp(-(red * red + blue * blue + light * light) / 2);
}

/** The candidate that most of the other parts agree with, weighed by how usual it is for skin. */
export function skinColour(patch: FacePatch): SkinColour {
  const parts = SEEDS.map((region) => regionPixels(patch, region).pixels);
  let best: SkinColour = { luma: 128, red: USUAL.red, blue: USUAL.blue }, most = -1;
  for (const part of parts) {
    if (part.length === 0) continue;
    let luma = 0, red = 0, blue = 0;
    for (const i of part) {
      luma += patch.luma[i];
      red += redness(patch.rgb, i);
      blue += blueness(patch.rgb, i);
    }
    const seed = { luma: luma / part.length, red: red / part.length, blue: blue / part.length };
    const support = weighted(patch, parts, seed);
    const unusual = ((seed.red - USUAL.red) / USUAL.redSpread) ** 2 +
      ((seed.blue - USUAL.blue) / USUAL.blueSpread) ** 2;
    const score = support.weight / (1 + unusual / 4);
    if (score > most) {
      most = score;
      best = support.weight > 0 ? support.mean : seed;
    }
  }
  return weighted(patch, parts, best).mean;
}

/** Mean colour of the parts' pixels, each weighed by its agreement with `skin`. */
function weighted(patch: FacePatch, parts: readonly Int32Array[], skin: SkinColour) {
  let weight = 0, luma = 0, red = 0, blue = 0;
  for (const part of parts) {
    // every third pixel tells the same colour
    for (let k = 0; k < part.length; k += 3) {
      const i = part[k], w = agreement(patch, i, skin);
      weight += w;
      luma += w * patch.luma[i];
      red += w * redness(patch.rgb, i);
      blue += w * blueness(patch.rgb, i);
    }
  }
  const mean = weight > 1e-6
    ? { luma: luma / weight, red: red / weight, blue: blue / weight }
    : skin;
  return { weight, mean };
}
