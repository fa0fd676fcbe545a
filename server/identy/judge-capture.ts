/** Measures a capture and decides whether a live person was before a real camera. */
import { judgeCapture, type LivenessRating } from '../../biometrics/liveness/mod.ts';
import type { AnalyseOptions } from '../../biometrics/pipeline.ts';
import { FaceError } from '../../biometrics/errors.ts';
import type { Extraction } from '../core/face/service.ts';
import type { OpenedCapture } from './captures.ts';
import type { Call } from './endpoint.ts';
import { IdentyError } from './errors.ts';

/** Size of the picture that an SDK makes. */
const WIDTH = 480;
const HEIGHT = 640;

export interface JudgedCapture {
  readonly extraction: Extraction;
  /** Undefined where the integrator has switched liveness off. */
  readonly rating?: LivenessRating;
  /** `insecure`: the camera is a program; `spoof`: the level asked for is not reached. */
  readonly verdict: 'live' | 'insecure' | 'spoof';
}

/**
 * @param options what else to take of the picture
 * @throws IdentyError ERROR_INVALID_IMAGE, ERROR_INVALID_FORMAT, ERROR_WRONG_RESOLUTION
 */
export async function judgeSealedCapture(
  { description, frames }: OpenedCapture,
  options: AnalyseOptions,
  { faces, signal }: Call,
): Promise<JudgedCapture> {
  const { enabled, threshold } = description.anti_spoofing;
  // the frame moves to a worker and is wanted afterwards
  const extraction = await faces.extract(frames[0].slice(), signal, {
    ...options,
    liveness: enabled,
  })
    .catch((error) => {
      throw toCaptureImageError(error);
    });
  const { analysis } = extraction;
  checkCaptureSize(analysis);
  if (!enabled) return { extraction, verdict: 'live' };
  const camera = judgeCapture({ cameraLabel: description.camera.label });
  const rating = faces.rateLiveness([...analysis.verdicts ?? [], camera]);
  if (camera.score < 0.5) return { extraction, rating, verdict: 'insecure' };
  const live = faces.reachesLiveness(rating.highestLevel, threshold);
  return { extraction, rating, verdict: live ? 'live' : 'spoof' };
}

/** @throws IdentyError ERROR_WRONG_RESOLUTION */
export function checkCaptureSize({ width, height }: { width: number; height: number }): void {
  if (width === WIDTH && height === HEIGHT) return;
  throw new IdentyError('ERROR_WRONG_RESOLUTION', `Passed image isn't ${WIDTH}x${HEIGHT}`);
}

/** The row for a failure of the face library over the picture of a capture. */
export function toCaptureImageError(error: unknown): unknown {
  if (!(error instanceof FaceError)) return error;
  const options = { cause: error };
  if (error.code === 'NO_FACE') {
    return new IdentyError('ERROR_INVALID_IMAGE', 'Image has no face on it.', options);
  }
  return error.code.startsWith('IMAGE_')
    ? new IdentyError('ERROR_INVALID_IMAGE', 'An invalid image was used', options)
    : error;
}
