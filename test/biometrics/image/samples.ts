/** Pictures and byte surgery shared by the image tests. */
import sharp, { type Sharp } from 'sharp';

export const RED = [255, 0, 0];
export const GREEN = [0, 255, 0];
export const BLUE = [0, 0, 255];
export const WHITE = [255, 255, 255];

/** Red, green / blue, white quarters. */
export function quarters(width = 48, height = 32): Sharp {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [left, right] = y < height / 2 ? [RED, GREEN] : [BLUE, WHITE];
      data.set(x < width / 2 ? left : right, (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The colours in the middle of the four quarters, rounded to 0 or 255 when within 12 of it. */
export function corners({ width, height, data }: Pixels): number[][] {
  return [[1, 1], [3, 1], [1, 3], [3, 3]].map(([x, y]) => {
    const at = (Math.floor(height * y / 4) * width + Math.floor(width * x / 4)) * 3;
    return [...data.subarray(at, at + 3)].map((value) =>
      value <= 12 ? 0 : value >= 243 ? 255 : value
    );
  });
}

/** A copy with big-endian `value` of `size` bytes written at `offset`. */
export function patched(
  bytes: Uint8Array,
  offset: number,
  value: number,
  size: 1 | 2 | 4,
): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  if (size === 1) view.setUint8(offset, value);
  else if (size === 2) view.setUint16(offset, value);
  else view.setUint32(offset, value);
  return copy;
}

export function indexOfBytes(bytes: Uint8Array, pattern: number[]): number {
  return Buffer.from(bytes).indexOf(Buffer.from(pattern));
}

export function join(...parts: (Uint8Array | number[])[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));
}

/** The code and message of the error that `action` throws. */
export async function failure(action: () => unknown): Promise<{ code?: string; message: string }> {
  try {
    await action();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { code, message };
  }
  throw new Error('expected an error, got none');
}
