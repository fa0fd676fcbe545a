/**
 * Regular patterns: where the pixel grid of a display, or a printing screen, meets the pixel grid of
 * the camera, the local spectrum shows single frequencies that stand far above their surroundings
 * (Patel, Han and Jain 2015; Garcia and de Queiroz 2015).
 */
import type { PadDetector } from '../detector.ts';
import { BANDS } from '../rings.ts';

const WHICH = ['near', 'native'] as const;
const PLANES = ['luma', 'chroma'] as const;

export const screenMoire: PadDetector = {
  id: 'screen-moire',
  features: WHICH.flatMap((which) =>
    PLANES.flatMap((plane) => BANDS.map((band) => `${which}-${plane}-peak-${band}`))
  ),
  words: {
    attack: 'regular patterns as of a display or a printing screen',
    bonaFide: 'no regular patterns',
  },
  measure({ view }) {
    return WHICH.flatMap((which) =>
      view.rings(which).flatMap((plane) => plane.map(({ peak }) => peak))
    );
  },
};
