/**
 * Walks the chunks of a PNG file (W3C PNG 3, 5.3 and 11) before a decoder sees it: size, frames, and
 * lengths that stay inside the file.
 */
import { FaceError } from '../errors.ts';
import { ByteReader } from './byte-reader.ts';
import type { PictureHeader } from './header.ts';

/** Text, profiles and EXIF: what they inflate to is not bounded by the picture size, so their input is. */
const MAX_ANCILLARY_BYTES = 4_000_000;

const SIGNATURE_BYTES = 8;
const IHDR_BYTES = 13;

/** Size and frame count of a PNG picture. Bytes after IEND are ignored. */
export function readPngHeader(bytes: Uint8Array): PictureHeader {
  const reader = new ByteReader(bytes, 'PNG');
  reader.skip(SIGNATURE_BYTES, 'signature');
  if (reader.u32('IHDR length') !== IHDR_BYTES || reader.text(4, 'IHDR') !== 'IHDR') {
    throw reader.error('first chunk is not IHDR');
  }
  const width = reader.u32('width');
  const height = reader.u32('height');
  if (width > 0x7fffffff || height > 0x7fffffff) {
    throw reader.error(`header says ${width}x${height} pixels`);
  }
  reader.skip(IHDR_BYTES - 8 + 4, 'IHDR');
  let frames = 1;
  let hasData = false;
  while (true) {
    const length = reader.u32('chunk length');
    const type = reader.text(4, 'chunk type');
    if (!/^[A-Za-z]{4}$/.test(type)) throw reader.error('chunk type is not four letters');
    const isAncillary = type >= 'a';
    if (isAncillary && type !== 'fdAT' && length > MAX_ANCILLARY_BYTES) {
      throw new FaceError('IMAGE_TOO_LARGE', `PNG: ${type} chunk of ${length} bytes`);
    }
    const body = reader.take(length, `${type} chunk`);
    reader.skip(4, `${type} checksum`);
    if (type === 'acTL') frames = Math.max(frames, new ByteReader(body, 'PNG acTL').u32('frames'));
    else if (type === 'IDAT') hasData = true;
    else if (type === 'IEND') break;
  }
  if (!hasData) throw reader.error('no IDAT chunk');
  return { width, height, frames };
}
