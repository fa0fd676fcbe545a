/** Pictures made of arithmetic, and one placed on another. */
import '../../../server/core/native/libraries.ts';
import sharp from 'sharp';
import type { Picture } from '../../../biometrics/types.ts';

/** A picture whose channels come from a function of x and y. */
export function paint(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number],
): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 3);
  }
  return { width, height, data };
}

/** Repeatable noise (xorshift32). */
export function noise(width: number, height: number, seed: number): Picture {
  let state = seed | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
  return paint(width, height, () => [next(), next(), next()]);
}

export function gradient(width: number, height: number): Picture {
  return paint(width, height, (x, y) => [
    Math.round(255 * x / width),
    Math.round(255 * y / height),
    128,
  ]);
}

/** A picture file as pixels, as it is stored. */
export async function load(source: string | Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(source).removeAlpha().raw().toBuffer({
    resolveWithObject: true,
  });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** A picture file inside a larger plain picture. */
export interface Placed {
  readonly path: string;
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Plain grey with square pictures placed on it. */
export async function collage(
  width: number,
  height: number,
  placed: readonly Placed[],
): Promise<Picture> {
  const parts = await Promise.all(placed.map(async ({ path, left, top, side }) => ({
    input: await sharp(path).resize(side, side).toBuffer(),
    left,
    top,
  })));
  const background = { r: 140, g: 150, b: 160 };
  return await load(
    await sharp({ create: { width, height, channels: 3, background } }).composite(parts).png()
      .toBuffer(),
  );
}
