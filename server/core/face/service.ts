/** What API families may ask of the face engine. They see neither workers nor networks. */
import type { MatchKind, MatchRating } from '../../../biometrics/match/rating.ts';
import type {
  DetectorVerdict,
  LivenessLevel,
  LivenessRating,
} from '../../../biometrics/liveness/mod.ts';
import type { AnalyseOptions } from '../../../biometrics/pipeline.ts';
import type { QualityMode, QualityVerdict } from '../../../biometrics/quality/mod.ts';
import type { FaceAnalysis, FaceTemplate, LivenessAnalysis } from '../../../biometrics/types.ts';

export interface Extraction {
  readonly analysis: FaceAnalysis;
  /** Milliseconds the picture waited for a worker. */
  readonly queueMs: number;
}

export interface Judgement {
  readonly analysis: LivenessAnalysis;
  /** Milliseconds the picture waited for a worker. */
  readonly queueMs: number;
}

export interface QualityRating extends QualityVerdict {
  /** Unified quality score, 0..100. */
  readonly score: number;
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
  extract(
    image: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
    options?: AnalyseOptions,
  ): Promise<Extraction>;
  /** Asks the liveness detectors about one picture; the same as `extract` otherwise, without a template. */
  judge(image: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Judgement>;
  /** Compares and rates two templates. @throws FaceError TEMPLATE_INCOMPATIBLE */
  rate(probe: FaceTemplate, reference: FaceTemplate, kind: MatchKind): FaceRating;
  /**
   * The level that two frames of one capture reach as selfies: a check of the capture, no comparison that a
   * client asked for. @throws FaceError TEMPLATE_INCOMPATIBLE
   */
  likeness(a: FaceTemplate, b: FaceTemplate): MatchRating['level'];
  /**
   * What verdicts amount to under the calibration of the pack.
   * @param verdicts of the detectors, and of rules that can refuse on their own
   * @throws FaceError PACK_INCOMPLETE when the pack is not calibrated for liveness
   */
  rateLiveness(verdicts: readonly DetectorVerdict[]): LivenessRating;
  /** Whether a level is reached; never one that the calibration does not support. Throws as `rateLiveness`. */
  reachesLiveness(reached: LivenessLevel | null, wanted: LivenessLevel): boolean;
  /**
   * Score and gates of a picture.
   * @param analysis with `measures`, unless the mode is DISABLED
   * @throws FaceError PACK_INCOMPLETE when the pack is not calibrated for quality
   */
  rateQuality(analysis: FaceAnalysis, mode: QualityMode): QualityRating;
  /** Whether pictures are taken now. */
  readonly ready: boolean;
}
