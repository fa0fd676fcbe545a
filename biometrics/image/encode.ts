/** Pictures to files, for aligned crops, drawings and the records that leave this library. */
import sharp from 'sharp';
import type { Picture } from '../types.ts';

/** Baseline JPEG, 4:2:0. `quality` is 1..100, libjpeg's scale. */
export async function encodeJpeg(picture: Picture, quality = 90): Promise<Uint8Array> {
  return bytesOf(await source(picture).jpeg({ quality }).toBuffer());
}

/** PNG, 8-bit RGB, without metadata. */
export async function encodePng(picture: Picture): Promise<Uint8Array> {
  return bytesOf(await source(picture).png({ compressionLevel: 6 }).toBuffer());
}

function source({ width, height, data }: Picture) {
  if (data.length !== width * height * 3) {
    throw new RangeError(`picture: ${data.length} bytes for ${width}x${height} RGB pixels`);
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function bytesOf(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
