/**
 * Any accepted picture file to upright 8-bit sRGB. The header is read and judged by our own readers
 * first; a decoder only ever sees a file whose size, frames and structure are within the limits.
 */
import sharp from 'sharp';
import { FaceError } from '../errors.ts';
import type { Picture } from '../types.ts';
import { isPictureFormat, type PictureFormat, sniffFormat } from './format.ts';
import { readHeader } from './header.ts';
import { decodeJpeg2000 } from './jpeg2000.ts';
import {
  checkByteLength,
  checkFrames,
  checkSize,
  DEFAULT_IMAGE_LIMITS,
  type ImageLimits,
} from './limits.ts';

// One thread per picture, as requests are already spread over workers; no cache of people's pictures.
sharp.concurrency(1);
sharp.cache(false);

/** Limits, and how large the caller wants the result. */
export interface DecodeOptions extends Partial<ImageLimits> {
  /** Shrink so that the longest side is at most this many pixels; decoding large photos gets faster. */
  readonly maxSide?: number;
}

/** A decoded picture and what it was before. */
export interface DecodedPicture extends Picture {
  readonly format: PictureFormat;
  /** Size of the upright picture before `maxSide` shrank it. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

const NAMES: Readonly<Record<PictureFormat, string>> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  jp2: 'JPEG 2000',
  j2k: 'JPEG 2000',
};

/** Transparent parts become white, as the background of document portraits is light. */
const BACKGROUND = '#ffffff';

/**
 * Decodes JPEG, PNG, WebP or JPEG 2000: EXIF orientation applied, embedded ICC profile converted to
 * sRGB, alpha flattened on white, grey and CMYK to RGB, 16 bits to 8.
 *
 * Throws FaceError IMAGE_EMPTY, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE or IMAGE_UNDECODABLE.
 */
export async function decodePicture(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Promise<DecodedPicture> {
  const limits = { ...DEFAULT_IMAGE_LIMITS, ...options };
  checkByteLength(bytes.length, limits);
  const format = sniffFormat(bytes);
  if (!isPictureFormat(format)) {
    throw new FaceError('IMAGE_UNSUPPORTED', `image: ${format ?? 'unknown format'}`);
  }
  const header = readHeader(bytes, format);
  checkFrames(NAMES[format], header.frames);
  checkSize(NAMES[format], header.width, header.height, limits);
  return format === 'jp2' || format === 'j2k'
    ? await shrink(await decodeJpeg2000(bytes, header), format, limits.maxSide)
    : await decodeWithSharp(bytes, format, Math.max(header.width, header.height), limits);
}

/** JPEG 2000 has no orientation and is decoded in full; only the size may have to come down. */
async function shrink(
  picture: Picture,
  format: PictureFormat,
  maxSide: number | undefined,
): Promise<DecodedPicture> {
  const { width: sourceWidth, height: sourceHeight } = picture;
  if (maxSide === undefined || Math.max(sourceWidth, sourceHeight) <= maxSide) {
    return { ...picture, format, sourceWidth, sourceHeight };
  }
  const { data, info } = await sharp(picture.data, {
    raw: { width: sourceWidth, height: sourceHeight, channels: 3 },
  }).resize({ width: maxSide, height: maxSide, fit: 'inside' }).raw().toBuffer({
    resolveWithObject: true,
  });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return {
    width: info.width,
    height: info.height,
    data: pixels,
    format,
    sourceWidth,
    sourceHeight,
  };
}

/** What libjpeg warns of in files of real cameras and encoders, with every pixel intact. */
const BENIGN_WARNING =
  /extraneous bytes before marker|Invalid SOS parameters|Unknown Adobe color transform|unknown JFIF revision|quantization tables are too coarse/;

async function decodeWithSharp(
  bytes: Uint8Array,
  format: PictureFormat,
  longerSide: number,
  limits: ImageLimits & DecodeOptions,
): Promise<DecodedPicture> {
  // libjpeg reports lost pixels (bad Huffman codes, missing rows) as mere warnings, so warnings fail
  // first and the harmless ones get a second try. libpng's warnings concern metadata only.
  try {
    return await runSharp(
      bytes,
      format,
      longerSide,
      limits,
      format === 'jpeg' ? 'warning' : 'error',
    );
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const isBenign = format === 'jpeg' &&
      message.split('\n').every((line) => line.trim() === '' || BENIGN_WARNING.test(line));
    if (!isBenign) throw undecodable(format, message, cause);
  }
  try {
    return await runSharp(bytes, format, longerSide, limits, 'error');
  } catch (cause) {
    throw undecodable(format, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function undecodable(format: PictureFormat, message: string, cause: unknown): FaceError {
  const line = message.split('\n')[0].replace(/^Input buffer has corrupt header: /, '');
  return new FaceError('IMAGE_UNDECODABLE', `${NAMES[format]}: ${line.slice(0, 120)}`, { cause });
}

/** @param longerSide of the picture as its header says */
async function runSharp(
  bytes: Uint8Array,
  format: PictureFormat,
  longerSide: number,
  limits: ImageLimits & DecodeOptions,
  failOn: 'warning' | 'error',
): Promise<DecodedPicture> {
  const image = sharp(bytes, { limitInputPixels: limits.maxPixels, failOn });
  let source: { width: number; height: number } | undefined;
  if (limits.maxSide !== undefined && longerSide > limits.maxSide) {
    source = (await image.metadata()).autoOrient;
    image.resize({
      width: limits.maxSide,
      height: limits.maxSide,
      fit: 'inside',
      withoutEnlargement: true,
    });
  }
  const { data, info } = await image
    .autoOrient()
    .flatten({ background: BACKGROUND })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`decoded to ${info.channels} channels`);
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
    format,
    sourceWidth: source?.width ?? info.width,
    sourceHeight: source?.height ?? info.height,
  };
}
