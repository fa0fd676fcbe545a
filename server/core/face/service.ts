/** What API families may ask of the face engine. They see neither workers nor networks. */
import type { MatchKind, MatchRating } from '../../../biometrics/match/rating.ts';
import type { FaceAnalysis, FaceTemplate } from '../../../biometrics/types.ts';

export interface Extraction {
  readonly analysis: FaceAnalysis;
  /** Milliseconds the picture waited for a worker. */
  readonly queueMs: number;
}

/** A comparison and what the calibration says of it. */
export interface FaceRating extends MatchRating {
  /** Dot product of the templates, -1..1. */
  readonly similarity: number;
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
  rate(probe: FaceTemplate, reference: FaceTemplate, kind: MatchKind): FaceRating;
  /** Whether pictures are taken now. */
  readonly ready: boolean;
}
