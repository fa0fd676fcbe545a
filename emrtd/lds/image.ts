/**
 * Kinds of image in data groups, told by their first bytes (ICAO 9303-10 4.7.2: JPEG or JPEG 2000).
 * What the record says about its format is often wrong, so the bytes decide; nothing is decoded here.
 */

export type ImageFormat =
  | 'jpeg'
  | 'jp2' // JPEG 2000 with its file format around it (ISO/IEC 15444-1 Annex I)
  | 'jpeg2000-codestream' // raw codestream (ISO/IEC 15444-1 Annex A)
  | 'png'
  | 'wsq' // fingerprint images only
  | 'unknown';

/** An image as it stands in the file. */
export interface LdsImage {
  format: ImageFormat;
  bytes: Uint8Array;
}

const SIGNATURES: readonly (readonly [ImageFormat, readonly number[]])[] = [
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['jp2', [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a]],
  ['jpeg2000-codestream', [0xff, 0x4f, 0xff, 0x51]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['wsq', [0xff, 0xa0]],
];

/** Format by signature. */
export function imageFormat(bytes: Uint8Array): ImageFormat {
  const found = SIGNATURES.find(([, signature]) => signature.every((byte, i) => bytes[i] === byte));
  return found === undefined ? 'unknown' : found[0];
}

/** Offset, up to `within`, of the first JPEG or JPEG 2000 signature; -1 when there is none. */
export function findImage(bytes: Uint8Array, within: number): number {
  for (let offset = 0; offset < Math.min(within, bytes.length); offset++) {
    const byte = bytes[offset];
    if (byte !== 0xff && byte !== 0) continue;
    const format = imageFormat(bytes.subarray(offset, offset + 12));
    if (format === 'jpeg' || format === 'jp2' || format === 'jpeg2000-codestream') return offset;
  }
  return -1;
}
