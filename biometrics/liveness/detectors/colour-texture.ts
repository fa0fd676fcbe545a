/**
 * Local binary patterns of luma and colour (Ojala et al. 2002, rotation-invariant uniform, eight
 * neighbours): which micro shapes, flat spots, edges, corners, dots, the face is made of. Colour planes
 * show what inks and panels do (Boulkenafet, Komulainen and Hadid 2016).
 */
import type { PadDetector } from '../detector.ts';
import { type Plane, WINDOW } from '../face-view.ts';

/** Ten classes sum to one, so the last, "not uniform", is left out. */
const CLASSES = 9;
const PLANES = ['luma', 'luma-wide', 'red-difference', 'blue-difference'] as const;

export const colourTexture: PadDetector = {
  id: 'colour-texture',
  features: PLANES.flatMap((plane) =>
    Array.from({ length: CLASSES }, (_, i) => `${plane}-pattern-${i}`)
  ),
  words: {
    attack: 'micro patterns as of a recaptured picture',
    bonaFide: 'micro patterns as of a face seen directly',
  },
  measure({ view }) {
    const { y, cb, cr } = view.planes('near');
    return [
      ...patterns(y, 1, 2),
      ...patterns(y, 2, 2),
      ...patterns(cr, 1, 1),
      ...patterns(cb, 1, 1),
    ];
  },
};

/** Pattern -> number of set neighbours when the ring changes at most twice, else 9. */
const CLASS_OF = Uint8Array.from({ length: 256 }, (_, code) => {
  let changes = 0, set = 0;
  for (let i = 0; i < 8; i++) {
    if (((code >> i) & 1) !== ((code >> ((i + 1) % 8)) & 1)) changes++;
    set += (code >> i) & 1;
  }
  return changes <= 2 ? set : 9;
});

/**
 * Shares of the pattern classes, scaled by ten.
 * @param distance of the neighbours in pixels
 * @param tolerance a neighbour counts as brighter when it is brighter by at least this
 */
function patterns({ data }: Plane, distance: number, tolerance: number): number[] {
  const counts = new Uint32Array(10);
  const d = distance, e = distance * WINDOW;
  const ring = [-e - d, -e, -e + d, d, e + d, e, e - d, -d];
  for (let y = d; y < WINDOW - d; y++) {
    for (let x = d; x < WINDOW - d; x++) {
      const i = y * WINDOW + x, limit = data[i] + tolerance;
      let code = 0;
      for (let k = 0; k < 8; k++) if (data[i + ring[k]] >= limit) code |= 1 << k;
      counts[CLASS_OF[code]]++;
    }
  }
  const total = counts.reduce((sum, v) => sum + v, 0);
  return Array.from({ length: CLASSES }, (_, i) => 10 * counts[i] / total);
}
