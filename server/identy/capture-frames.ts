/** The frames of a capture before anything decodes them: JPEG files of the size that an SDK makes. */
import { FaceError } from '../../biometrics/errors.ts';
import { readJpegSize } from '../../biometrics/image/jpeg-header.ts';
import type { Capture } from './capture.ts';
import { IdentyError, invalidImage } from './errors.ts';

const WIDTH = 480;
const HEIGHT = 640;

/**
 * Reads no further than the frame headers, where a file may still lie on its side.
 * @throws IdentyError ERROR_INVALID_IMAGE for what is no JPEG, ERROR_WRONG_RESOLUTION
 */
export function checkFrames({ frames }: Pick<Capture, 'frames'>): void {
  for (const frame of frames) {
    const { width, height } = sizeOf(frame);
    if (Math.min(width, height) !== WIDTH || Math.max(width, height) !== HEIGHT) {
      throw wrongResolution();
    }
  }
}

/** @throws IdentyError ERROR_WRONG_RESOLUTION when an upright picture has another size than an SDK makes */
export function checkUpright({ width, height }: { width: number; height: number }): void {
  if (width !== WIDTH || height !== HEIGHT) throw wrongResolution();
}

function sizeOf(frame: Uint8Array) {
  try {
    return readJpegSize(frame);
  } catch (cause) {
    throw cause instanceof FaceError ? invalidImage({ cause }) : cause;
  }
}

function wrongResolution(): IdentyError {
  return new IdentyError('ERROR_WRONG_RESOLUTION', `Passed image isn't ${WIDTH}x${HEIGHT}`);
}
