/**
 * The public meaning of a similarity: the highest security level it reaches and a score of 0..100
 * that keeps its meaning across model packs (IDENTY Web Server, "Match endpoints": similarityScore).
 */
import { type MatchCalibration, thresholdAt } from './calibration.ts';

/** From weakest to strictest. */
export const MATCH_LEVELS = ['LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH', 'HIGHEST'] as const;
export type MatchLevel = typeof MATCH_LEVELS[number];

/** What a selfie is compared with: another selfie, or the portrait of an identity document. */
export type MatchKind = 'selfie' | 'picture-id';

interface WorkingPoint {
  readonly level: MatchLevel;
  readonly fmr: number;
  readonly score: number;
}

/**
 * Level, false match rate and similarity score. MEDIUM to HIGHEST are the specification's own; it
 * speaks of LOW without defining it, so LOW is ours: one false match in a hundred.
 */
const SCALES: Readonly<Record<MatchKind, readonly WorkingPoint[]>> = {
  'selfie': [
    { level: 'LOW', fmr: 1e-2, score: 60 },
    { level: 'MEDIUM', fmr: 1e-3, score: 80 },
    { level: 'HIGH', fmr: 1e-4, score: 90 },
    { level: 'VERY_HIGH', fmr: 1e-5, score: 95 },
    { level: 'HIGHEST', fmr: 1e-6, score: 98 },
  ],
  'picture-id': [
    { level: 'LOW', fmr: 1e-2, score: 50 },
    { level: 'MEDIUM', fmr: 5e-3, score: 60 },
    { level: 'HIGH', fmr: 1e-3, score: 80 },
    { level: 'VERY_HIGH', fmr: 2e-4, score: 85 },
    { level: 'HIGHEST', fmr: 1e-4, score: 90 },
  ],
};

/** A template times itself is 1 up to the rounding of its 32-bit values, which stays below this. */
const ROUNDING = 1e-6;
const SAME_PICTURE = { similarity: 1 - ROUNDING, score: 100 };

export interface MatchRating {
  /** The strictest level whose threshold is reached. */
  readonly level: MatchLevel | 'NONE';
  /** 0..100, not rounded; monotone and continuous in the similarity. */
  readonly similarityScore: number;
}

/**
 * Rates a similarity: straight lines between the working points, 0 for two average strangers, 100
 * for identical pictures.
 * @param similarity -1..1; what is not a number reaches no level
 */
export function rateSimilarity(
  calibration: MatchCalibration,
  similarity: number,
  kind: MatchKind,
): MatchRating {
  if (Number.isNaN(similarity)) return { level: 'NONE', similarityScore: 0 };
  let level: MatchRating['level'] = 'NONE';
  let from = { similarity: calibration.impostorMean, score: 0 };
  for (const point of SCALES[kind]) {
    const to = { similarity: thresholdAt(calibration, point.fmr), score: point.score };
    if (similarity < to.similarity) {
      return { level, similarityScore: between(from, to, similarity) };
    }
    level = point.level;
    from = to;
  }
  return { level, similarityScore: between(from, SAME_PICTURE, similarity) };
}

/** Whether a rating is good enough for a requested level. */
export function reaches(reached: MatchRating['level'], wanted: MatchLevel): boolean {
  return reached !== 'NONE' && MATCH_LEVELS.indexOf(reached) >= MATCH_LEVELS.indexOf(wanted);
}

/** Working points of a kind of match, for pages and documents that draw the scale. */
export function workingPoints(kind: MatchKind): readonly WorkingPoint[] {
  return SCALES[kind];
}

function between(
  from: { similarity: number; score: number },
  to: { similarity: number; score: number },
  similarity: number,
): number {
  const share = (similarity - from.similarity) / (to.similarity - from.similarity);
  return from.score + (to.score - from.score) * Math.max(0, Math.min(1, share));
}
