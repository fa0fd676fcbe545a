/** What a picture may cost before anything is decoded: bytes, pixels, sides, frames, scans. */
import { FaceError } from '../errors.ts';

/** Every bound is inclusive. */
export interface ImageLimits {
  /** Size of the file in bytes. */
  readonly maxBytes: number;
  /** Width x height of the picture as stored. */
  readonly maxPixels: number;
  /** Longest side in pixels. */
  readonly maxSidePixels: number;
  /** Shortest side in pixels: nothing smaller can hold a face. */
  readonly minSidePixels: number;
}

/** 20 MB and 25 megapixels cover every phone camera in its default mode and every scanned page at 600 dpi A5. */
export const DEFAULT_IMAGE_LIMITS: ImageLimits = {
  maxBytes: 20_000_000,
  maxPixels: 25_000_000,
  maxSidePixels: 10_000,
  minSidePixels: 16,
};

/** Refuses an empty or oversized file. */
export function checkByteLength(length: number, limits: ImageLimits): void {
  if (length === 0) throw new FaceError('IMAGE_EMPTY', 'image: no bytes');
  if (length > limits.maxBytes) {
    throw new FaceError(
      'IMAGE_TOO_LARGE',
      `image: ${length} bytes exceed the limit of ${limits.maxBytes}`,
    );
  }
}

/** Refuses a picture size outside the limits; `name` is the format, for the message. */
export function checkSize(name: string, width: number, height: number, limits: ImageLimits): void {
  if (width === 0 || height === 0) {
    throw new FaceError('IMAGE_UNDECODABLE', `${name}: header says ${width}x${height} pixels`);
  }
  if (Math.max(width, height) > limits.maxSidePixels || width * height > limits.maxPixels) {
    throw new FaceError(
      'IMAGE_TOO_LARGE',
      `${name}: ${width}x${height} pixels exceed the limit of ${limits.maxPixels} pixels, ` +
        `${limits.maxSidePixels} a side`,
    );
  }
  if (Math.min(width, height) < limits.minSidePixels) {
    throw new FaceError(
      'IMAGE_UNSUPPORTED',
      `${name}: ${width}x${height} pixels are fewer than ${limits.minSidePixels} a side`,
    );
  }
}

/** Refuses animations: a face picture is one frame. */
export function checkFrames(name: string, frames: number): void {
  if (frames > 1) {
    throw new FaceError('IMAGE_TOO_LARGE', `${name}: ${frames} frames, only one is allowed`);
  }
}
