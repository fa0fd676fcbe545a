/** The 1:1 comparison behind both match endpoints: two extractions that may run side by side, one rating. */
import {
  type MatchKind,
  type MatchLevel,
  type MatchRating,
  reaches,
} from '../../biometrics/match/rating.ts';
import type { Extraction, FaceService } from '../core/face/service.ts';
import { toImageError } from './errors.ts';
import { extractPair } from './extract-pair.ts';
import type { MatchRequest } from './match-request.ts';

export interface MatchOutcome {
  /** Distance: 0 for the same picture, growing as faces differ. Never negative. */
  readonly score: number;
  /** 0..100, whole. */
  readonly similarityScore: number;
  readonly possibleMatch: boolean;
  readonly multipleFacesImage: boolean;
  readonly multipleFacesImageToVerifyAgainst: boolean;
  readonly levelReached: MatchRating['level'];
  /** Milliseconds by stage, both pictures together. */
  readonly timingsMs: Readonly<Record<string, number>>;
}

/** Rates two pictures that have been measured. */
export function matchOutcome(
  probe: Extraction,
  reference: Extraction,
  level: MatchLevel,
  kind: MatchKind,
  faces: Pick<FaceService, 'rate'>,
): MatchOutcome {
  const rating = faces.rate(probe.analysis.template, reference.analysis.template, kind);
  return {
    score: Math.max(0, 1 - rating.similarity),
    similarityScore: Math.floor(rating.similarityScore),
    possibleMatch: reaches(rating.level, level),
    multipleFacesImage: probe.analysis.faces.length > 1,
    multipleFacesImageToVerifyAgainst: reference.analysis.faces.length > 1,
    levelReached: rating.level,
    timingsMs: addTimings(probe, reference),
  };
}

/**
 * @param signal gives the work up.
 * @throws IdentyError for the pictures, the first field first; whatever else the service throws.
 */
export async function matchFaces(
  request: MatchRequest,
  kind: MatchKind,
  faces: Pick<FaceService, 'extract' | 'rate'>,
  signal: AbortSignal,
): Promise<MatchOutcome> {
  const [probe, reference] = await extractPair(
    { image: request.image },
    { image: request.imageToVerifyAgainst },
    faces,
    signal,
  );
  if (probe.status === 'rejected') throw toImageError(probe.reason, '/image');
  if (reference.status === 'rejected') {
    throw toImageError(reference.reason, '/imageToVerifyAgainst');
  }
  return matchOutcome(probe.value, reference.value, request.level, kind, faces);
}

function addTimings(a: Extraction, b: Extraction): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { queue: a.queueMs + b.queueMs };
  for (const { timingsMs } of [a.analysis, b.analysis]) {
    for (const [stage, ms] of Object.entries(timingsMs)) sum[stage] = (sum[stage] ?? 0) + ms;
  }
  return sum;
}
