/** 480x640 selfies for benchmarks and tests, made from evaluation pictures. */
import sharp from 'sharp';
import { sharedPath } from '../test/support/shared-data.ts';

/** Two of one person, as JPEG files. */
export async function benchmarkSelfies(): Promise<Uint8Array<ArrayBuffer>[]> {
  return await Promise.all(['Abdullah_Gul_0013', 'Abdullah_Gul_0014'].map(selfieOf));
}

/** Of a picture of LFW by its name. */
export async function selfieOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return await selfieFrom(sharedPath(`faces/lfw-view1/images/${name.slice(0, -5)}/${name}.jpg`));
}

/** A file of 250x250 pixels enlarged to 480 wide, 80 pixels of its edge above and below. */
export async function selfieFrom(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const picture = await sharp(path).resize(480, 480)
    .extend({ top: 80, bottom: 80, extendWith: 'mirror' }).jpeg({ quality: 90 }).toBuffer();
  return new Uint8Array(picture);
}

/** A selfie as of a person who hardly moves: the picture, then so many frames before it. */
export async function selfieBurst(
  selfie: Uint8Array<ArrayBuffer>,
  before: number,
): Promise<Uint8Array<ArrayBuffer>[]> {
  return await Promise.all(Array.from({ length: before + 1 }, async (_, i) => {
    const shift = i === 0 ? before : i - 1;
    const area = { left: shift, top: shift >> 1, width: 464, height: 632 };
    const moved = sharp(selfie).extract(area).resize(480, 640, { fit: 'fill' });
    return new Uint8Array(await moved.jpeg({ quality: 92 }).toBuffer());
  }));
}
