/**
 * The bona fide pictures that presentations are made from. LFW's deep-funneled pictures carry black
 * wedges where they were turned; the same share of bona fide and attack presentations keeps them, in
 * the others they are filled, so that a wedge tells nothing about the class.
 */
import { decodePicture } from '../../biometrics/image/mod.ts';
import type { Dice } from './dice.ts';
import { type Raster, toRaster } from './raster.ts';

/** Under this value in every channel a pixel at the border counts as wedge; JPEG leaves ringing of a few units. */
const BLACK = 12;
/** Ringing of the wedge's edge reaches this far into the picture. */
const RINGING = 3;
const KEEP_WEDGES = 0.25;

/** Loads a picture as light; wedges stay with a fixed probability, otherwise they are filled. */
export async function loadSource(path: string, dice: Dice): Promise<Raster> {
  const picture = await decodePicture(await Bun.file(path).bytes());
  if (!dice.chance(KEEP_WEDGES)) fillWedges(picture.data, picture.width, picture.height);
  return toRaster(picture);
}

/** Replaces border-connected black by the average of its filled neighbours, from the picture outwards. */
export function fillWedges(data: Uint8Array, width: number, height: number): void {
  const empty = new Uint8Array(width * height);
  const black = (i: number) =>
    data[3 * i] < BLACK && data[3 * i + 1] < BLACK && data[3 * i + 2] < BLACK;
  const scan = (start: number, step: number, length: number) => {
    let n = 0;
    while (n < length && black(start + n * step)) n++;
    if (n < 2 || n === length) return;
    for (let k = 0; k < Math.min(length, n + RINGING); k++) empty[start + k * step] = 1;
  };
  for (let y = 0; y < height; y++) {
    scan(y * width, 1, width);
    scan(y * width + width - 1, -1, width);
  }
  for (let x = 0; x < width; x++) {
    scan(x, width, height);
    scan((height - 1) * width + x, -width, height);
  }
  for (let left = empty.indexOf(1) >= 0; left;) {
    left = false;
    const ring: number[] = [];
    for (let i = 0; i < empty.length; i++) {
      if (empty[i] === 0) continue;
      const near = neighbours(i, width, height).filter((j) => empty[j] === 0);
      if (near.length === 0) {
        left = true;
        continue;
      }
      for (let c = 0; c < 3; c++) {
        data[3 * i + c] = near.reduce((sum, j) => sum + data[3 * j + c], 0) / near.length;
      }
      ring.push(i);
    }
    if (ring.length === 0) return;
    for (const i of ring) empty[i] = 0;
  }
}

function neighbours(i: number, width: number, height: number): number[] {
  const x = i % width, y = (i - x) / width;
  const found: number[] = [];
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
      if (u !== x || v !== y) found.push(v * width + u);
    }
  }
  return found;
}
