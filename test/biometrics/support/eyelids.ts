/** Closes eyes in a picture: the skin between brow and upper lid is stretched down over the eye. */
import type { RefinedEye, RefinedEyes } from '../../../biometrics/landmarks/iris.ts';
import type { Picture } from '../../../biometrics/types.ts';

/** Half thickness of the line of lashes in eye widths, and the share of light it takes. */
const LASHES = 0.05;
const DARKNESS = 0.55;

/** @param share 0 leaves the eyes as they are, 1 brings the upper lids down to the lower ones */
export function closeEyes(picture: Picture, eyes: RefinedEyes, share: number): Picture {
  const data = picture.data.slice();
  for (const eye of [eyes.right, eyes.left]) closeEye(picture, data, eye, share);
  return { ...picture, data };
}

function closeEye(source: Picture, data: Uint8Array, { contour }: RefinedEye, share: number): void {
  const point = (i: number) => [contour[2 * i], contour[2 * i + 1]] as const;
  const corner = point(0), [ox, oy] = corner, inner = point(8);
  const width = Math.hypot(inner[0] - ox, inner[1] - oy);
  const ax = (inner[0] - ox) / width, ay = (inner[1] - oy) / width;
  // downwards, whichever side the corners are on
  const sign = ax >= 0 ? 1 : -1, dx = -ay * sign, dy = ax * sign;
  const along = (i: number) => (point(i)[0] - ox) * ax + (point(i)[1] - oy) * ay;
  const down = (i: number) => (point(i)[0] - ox) * dx + (point(i)[1] - oy) * dy;
  const lower = [0, 1, 2, 3, 4, 5, 6, 7, 8], upper = [0, 9, 10, 11, 12, 13, 14, 15, 8];
  const brow = Math.min(...upper.map(down)) - 0.45 * width;
  for (
    let y = Math.max(0, Math.floor(oy - 2 * width));
    y < oy + 2 * width && y < source.height;
    y++
  ) {
    for (
      let x = Math.max(0, Math.floor(ox - 2 * width));
      x < ox + 2 * width && x < source.width;
      x++
    ) {
      const u = (x - ox) * ax + (y - oy) * ay, v = (x - ox) * dx + (y - oy) * dy;
      const lowest = at(lower, u), highest = at(upper, u);
      if (lowest === undefined || highest === undefined) continue;
      // the lashes go down with the lid, and what is left of the eye looks like the line they make
      const low = lowest + 0.04 * width, high = highest - 0.06 * width;
      if (v < brow || v > low) continue;
      const lid = high + 0.9 * share * (low - high);
      const from = v < lid
        ? brow + (v - brow) * (high - brow) / (lid - brow)
        : high + (v - lid) * (low - high) / Math.max(1e-6, low - lid);
      // the lashes of a lowered lid make a dark line
      const lashes = Math.abs(v - lid) < LASHES * width ? 1 - DARKNESS * share : 1;
      copy(x, y, ox + u * ax + from * dx, oy + u * ay + from * dy, lashes);
    }
  }

  /** Height of a lid at position u along the eye. */
  function at(lid: readonly number[], u: number): number | undefined {
    for (let i = 1; i < lid.length; i++) {
      const a = along(lid[i - 1]), b = along(lid[i]);
      if (u < Math.min(a, b) || u > Math.max(a, b) || a === b) continue;
      return down(lid[i - 1]) + (down(lid[i]) - down(lid[i - 1])) * (u - a) / (b - a);
    }
    return undefined;
  }

  function copy(x: number, y: number, fromX: number, fromY: number, light: number): void {
    const x0 = Math.max(0, Math.min(source.width - 2, Math.floor(fromX)));
    const y0 = Math.max(0, Math.min(source.height - 2, Math.floor(fromY)));
    const fx = Math.min(1, Math.max(0, fromX - x0)), fy = Math.min(1, Math.max(0, fromY - y0));
    for (let c = 0; c < 3; c++) {
      const p = (y0 * source.width + x0) * 3 + c, q = p + source.width * 3;
      data[(y * source.width + x) * 3 + c] = Math.round(
        light *
          ((source.data[p] * (1 - fx) + source.data[p + 3] * fx) * (1 - fy) +
            (source.data[q] * (1 - fx) + source.data[q + 3] * fx) * fy),
      );
    }
  }
}
