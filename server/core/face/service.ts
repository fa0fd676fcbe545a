/** What API families may ask of the face engine. They see neither workers nor networks. */
import type { FaceAnalysis, FaceTemplate } from '../../../biometrics/types.ts';

/** Which calibration curve rates a comparison. */
export type MatchPurpose = 'selfie' | 'picture-id';

/** Working points a comparison can reach, lowest first. */
export const MATCH_LEVELS = ['NONE', 'LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH', 'HIGHEST'] as const;
export type MatchLevel = (typeof MATCH_LEVELS)[number];

export interface Extraction {
  readonly analysis: FaceAnalysis;
  /** Milliseconds the picture waited for a worker. */
  readonly queueMs: number;
}

export interface FaceRating {
  /** Dot product of the templates, -1..1. */
  readonly similarity: number;
  /** Calibrated scale, 0..100, not rounded. */
  readonly similarityScore: number;
  /** Highest working point reached. */
  readonly level: MatchLevel;
}

export interface FaceService {
  /**
   * Finds and measures the faces of one encoded picture or face record. The buffer behind `image` may
   * be moved away: do not use it afterwards.
   * @param signal gives the work up; the promise then rejects with its reason.
   * @throws FaceError for what is wrong with the picture; ServerError BUSY, WORKER_CRASHED, WORKER_FAILED.
   */
  extract(image: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Extraction>;
  /** Compares and rates two templates. @throws FaceError TEMPLATE_INCOMPATIBLE */
  rate(probe: FaceTemplate, reference: FaceTemplate, purpose: MatchPurpose): FaceRating;
  /** Whether pictures are taken now. */
  readonly ready: boolean;
}
