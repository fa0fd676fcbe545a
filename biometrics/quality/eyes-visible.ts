/**
 * Eyes visible (ISO/IEC 29794-5 7.4.5): bright reflections of glasses over the eyes, and glasses that are dark.
 */
import type { FacePatch } from './face-patch.ts';
import { regionPixels } from './regions.ts';
import type { SkinColour } from './skin.ts';

export interface EyeCover {
  /** Share of the worse eye that is a colourless reflection brighter than skin, 0 to 100. */
  readonly glassesGlare: number;
  /** How much of both eyes is evenly dark against skin, the brighter eye counts, 0 to 100. */
  readonly darkGlasses: number;
}

/** Light from which a pixel is a reflection, and how much brighter than skin it must be. */
const REFLECTION = 215;
const BRIGHTER = 1.15;
/** Most difference of the brightest to the darkest channel, as a share of the brightest: reflections are white. */
const COLOURLESS = 0.18;
/** Share of skin's luma below which a pixel is dark: under dark glasses lids and white of the eye are, too. */
const DARK = 0.45;

export function eyeCover(patch: FacePatch, skin: SkinColour): EyeCover {
  let glare = 0, dark = 1;
  for (const region of ['rightEye', 'leftEye'] as const) {
    const { pixels } = regionPixels(patch, region);
    let bright = 0, low = 0;
    for (const i of pixels) {
      const [r, g, b] = patch.rgb.subarray(3 * i, 3 * i + 3);
      const most = Math.max(r, g, b);
      const isWhite = most - Math.min(r, g, b) < COLOURLESS * most;
      if (isWhite && patch.luma[i] > Math.max(REFLECTION, BRIGHTER * skin.luma)) bright++;
      if (patch.luma[i] < DARK * skin.luma) low++;
    }
    const n = Math.max(1, pixels.length);
    glare = Math.max(glare, bright / n);
    dark = Math.min(dark, low / n);
  }
  return { glassesGlare: 100 * glare, darkGlasses: 100 * dark };
}
