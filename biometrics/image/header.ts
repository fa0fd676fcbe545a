/** What is known of a picture before it is decoded. */
import type { PictureFormat } from './format.ts';
import { readJpeg2000Header } from './jpeg2000-header.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { readPngHeader } from './png-header.ts';
import { readWebpHeader } from './webp-header.ts';

export interface PictureHeader {
  /** Pixels as stored, before EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/** Reads and judges the header. Throws IMAGE_UNDECODABLE, IMAGE_UNSUPPORTED or IMAGE_TOO_LARGE. */
export function readHeader(bytes: Uint8Array, format: PictureFormat): PictureHeader {
  switch (format) {
    case 'jpeg':
      return readJpegHeader(bytes);
    case 'png':
      return readPngHeader(bytes);
    case 'webp':
      return readWebpHeader(bytes);
    case 'jp2':
    case 'j2k':
      return readJpeg2000Header(bytes, format);
  }
}
