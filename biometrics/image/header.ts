/** What is known of a picture before it is decoded. */
import type { PictureFormat } from './format.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { readPngHeader } from './png-header.ts';
import { readWebpHeader } from './webp-header.ts';

export interface PictureHeader {
  /** Pixels as stored, before EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/** Reads the header of a picture that sharp will decode. Throws IMAGE_UNDECODABLE and its siblings. */
export function readHeader(
  bytes: Uint8Array,
  format: Exclude<PictureFormat, 'jp2' | 'j2k'>,
): PictureHeader {
  if (format === 'jpeg') return readJpegHeader(bytes);
  return format === 'png' ? readPngHeader(bytes) : readWebpHeader(bytes);
}
