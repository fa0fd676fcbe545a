/** Measures a capture and decides whether a live person was before a real camera. */
import type { LivenessRating } from '../../biometrics/liveness/mod.ts';
import type { AnalyseOptions } from '../../biometrics/pipeline.ts';
import type { Extraction } from '../core/face/service.ts';
import type { OpenedCapture } from './captures.ts';
import type { Call } from './endpoint.ts';
import { lookAtCapture } from './look-at-capture.ts';

export interface JudgedCapture {
  readonly extraction: Extraction;
  /** Undefined where the integrator has switched liveness off. */
  readonly rating?: LivenessRating;
  /** `insecure`: the frames come from a program; `spoof`: the level asked for is not reached. */
  readonly verdict: 'live' | 'insecure' | 'spoof';
}

/**
 * @param options what else to take of the picture
 * @throws IdentyError ERROR_INVALID_IMAGE, ERROR_WRONG_RESOLUTION
 */
export async function judgeSealedCapture(
  capture: OpenedCapture,
  options: AnalyseOptions,
  { faces, signal }: Call,
): Promise<JudgedCapture> {
  const { enabled, threshold } = capture.description.anti_spoofing;
  const wanted = { ...options, liveness: enabled };
  const measure = (image: Uint8Array<ArrayBuffer>) => faces.extract(image, signal, wanted);
  const look = await lookAtCapture(capture, wanted, measure, { faces, signal });
  const { measured: extraction, rules, insecure } = look;
  if (!enabled) return { extraction, verdict: 'live' };
  const rating = faces.rateLiveness([...extraction.analysis.verdicts ?? [], ...rules]);
  if (insecure) return { extraction, rating, verdict: 'insecure' };
  const live = faces.reachesLiveness(rating.highestLevel, threshold);
  return { extraction, rating, verdict: live ? 'live' : 'spoof' };
}
