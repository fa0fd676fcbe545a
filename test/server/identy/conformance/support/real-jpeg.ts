/** A JPEG that decodes, with the words for the fake engine in a comment. */
import '../../../../../server/core/native/libraries.ts';
import sharp from 'sharp';

const blank = new Uint8Array(
  await sharp({ create: { width: 480, height: 640, channels: 3, background: '#8090a0' } })
    .jpeg().toBuffer(),
);

/** 480 x 640, one colour. */
export function realJpeg(says: string): Uint8Array<ArrayBuffer> {
  // the space keeps the length before it from becoming part of the first word
  const words = new TextEncoder().encode(` ${says}`);
  const length = words.length + 2;
  // SOI, then COM (ITU-T T.81 B.2.4.5)
  return new Uint8Array([
    ...blank.subarray(0, 2),
    0xff,
    0xfe,
    length >> 8,
    length & 0xff,
    ...words,
    ...blank.subarray(2),
  ]);
}
