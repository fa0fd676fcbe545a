/**
 * How detail is spread over fine and coarse: each lens, print and panel that a picture passed weakens
 * fine detail and adds grain of its own, and luma and colour suffer differently.
 */
import type { PadDetector } from '../detector.ts';
import { BANDS } from '../rings.ts';

const WHICH = ['near', 'native'] as const;

export const spectralShape: PadDetector = {
  id: 'spectral-shape',
  features: WHICH.flatMap((which) => [
    ...BANDS.map((band) => `${which}-luma-${band}`),
    ...BANDS.map((band) => `${which}-chroma-to-luma-${band}`),
  ]),
  words: {
    attack: 'detail that passed more than one camera or a medium',
    bonaFide: 'detail as one camera leaves it',
  },
  measure({ view }) {
    return WHICH.flatMap((which) => {
      const [luma, chroma] = view.rings(which);
      // Against the coarsest band, so that contrast and distance matter less.
      const levels = luma.map(({ level }, i) => i === 0 ? level : level - luma[i - 1].level);
      return [...levels, ...chroma.map(({ level }, i) => level - luma[i].level)];
    });
  },
};
