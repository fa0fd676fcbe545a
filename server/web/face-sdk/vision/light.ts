/** How the face and the frame are lit, from a small copy of the part where the face is. */
import type { Box } from '../../../../biometrics/types.ts';

export interface Light {
  /** Mean luma of the middle of the face, 0..255. */
  readonly luma: number;
  /** Mean luma of the darker half of the face over that of the brighter one, 0..1. */
  readonly evenness: number;
}

/**
 * @param pixels red, green, blue, opacity of a square of `size` x `size` around the face, level with its eyes
 * so that left and right halves are the face's own
 */
export function lightOf(pixels: Uint8ClampedArray, size: number): Light {
  let left = 0, right = 0, count = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size >> 1; x++) {
      // the ellipse that touches the square: hair and background are outside
      const inside = ((x + 0.5) / size - 0.5) ** 2 + ((y + 0.5) / size - 0.5) ** 2 < 0.25;
      if (!inside) continue;
      count++;
      left += lumaAt(pixels, 4 * (y * size + x));
      right += lumaAt(pixels, 4 * (y * size + size - 1 - x));
    }
  }
  const darker = Math.min(left, right), brighter = Math.max(left, right);
  return { luma: (left + right) / (2 * count), evenness: brighter === 0 ? 1 : darker / brighter };
}

/** ITU-R BT.601. */
function lumaAt(pixels: Uint8ClampedArray, at: number): number {
  return 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
}

/** The square inside a mesh's bounds that holds brows to mouth. */
export function litSquare(
  { left, top, right, bottom }: Box,
): { centre: [number, number]; side: number } {
  return {
    centre: [(left + right) / 2, (top + bottom) / 2],
    side: 0.7 * Math.min(right - left, bottom - top),
  };
}
