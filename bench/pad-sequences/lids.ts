/** Closes the eyes of a still: the skin between brow and upper lid is drawn down over the eye. */
import type { Picture } from '../../biometrics/types.ts';
import { sample } from './render.ts';

/** Mesh points from the outer to the inner corner along the upper and the lower lid. */
const EYES = [
  {
    upper: [33, 246, 161, 160, 159, 158, 157, 173, 133],
    lower: [33, 7, 163, 144, 145, 153, 154, 155, 133],
  },
  {
    upper: [362, 398, 384, 385, 386, 387, 388, 466, 263],
    lower: [362, 382, 381, 380, 374, 373, 390, 249, 263],
  },
] as const;
/** Height of the moved skin above the eye, in widths of the eye. */
const SKIN_ABOVE = 0.45;

/** @param closed 0 for the still as it is, 1 for shut */
export function closeLids(still: Picture, mesh: Float32Array, closed: number): Picture {
  if (closed <= 0) return still;
  const out: Picture = { ...still, data: still.data.slice() };
  for (const { upper, lower } of EYES) {
    const from = mesh[3 * upper[0]], to = mesh[3 * upper[8]];
    const skin = SKIN_ABOVE * Math.abs(to - from);
    for (let x = Math.ceil(Math.min(from, to)); x <= Math.floor(Math.max(from, to)); x++) {
      if (x < 0 || x >= still.width) continue;
      const lid = heightAt(mesh, upper, x), below = heightAt(mesh, lower, x);
      if (!(below > lid)) continue;
      const edge = lid + Math.min(1, closed) * (below - lid), above = lid - skin;
      for (let y = Math.max(0, Math.ceil(above)); y <= Math.min(edge, still.height - 1); y++) {
        const v = above + (y - above) * skin / (edge - above);
        sample(still, x, v, out.data, 3 * (y * still.width + x));
      }
    }
  }
  return out;
}

/** Height of a lid at column x, along its points. */
function heightAt(mesh: Float32Array, lid: readonly number[], x: number): number {
  for (let i = 0; i + 1 < lid.length; i++) {
    const [x0, y0] = [mesh[3 * lid[i]], mesh[3 * lid[i] + 1]];
    const [x1, y1] = [mesh[3 * lid[i + 1]], mesh[3 * lid[i + 1] + 1]];
    if (x >= Math.min(x0, x1) && x <= Math.max(x0, x1) && x0 !== x1) {
      return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
    }
  }
  return NaN;
}
