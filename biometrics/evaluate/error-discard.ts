/**
 * Error-versus-discard characteristic of a quality score (ISO/IEC 29794-1:2024; Grother, Tabassi 2007): the
 * false non-match rate that is left when the pictures of lowest quality are not accepted.
 */
import { dotProduct } from '../match/similarity.ts';
import type { LabelledVector } from './score-histogram.ts';

/** Two pictures of one person, by their places in the list of faces. */
export interface GenuinePair {
  readonly a: number;
  readonly b: number;
  readonly similarity: number;
  readonly identity: string;
}

export interface DiscardPoint {
  /** Share of all pictures that is rejected, 0..1. */
  readonly discarded: number;
  /** Quality from which pictures are accepted. */
  readonly minQuality: number;
  /** Genuine pairs of which both pictures are accepted, and how many of them do not match. */
  readonly pairs: number;
  readonly nonMatches: number;
  /** False non-match rate, every person counting the same; 0..1. */
  readonly fnmr: number;
}

/** All pairs of pictures of one person. */
export function genuinePairs(faces: readonly LabelledVector[]): GenuinePair[] {
  const byPerson = Map.groupBy(faces.keys(), (i) => faces[i].identity);
  const pairs: GenuinePair[] = [];
  for (const [identity, places] of byPerson) {
    places.forEach((a, i) => {
      for (const b of places.slice(i + 1)) {
        const similarity = dotProduct(faces[a].vector, faces[b].vector);
        pairs.push({ a, b, similarity, identity });
      }
    });
  }
  return pairs;
}

/**
 * The characteristic at the given shares. A pair is as good as the worse of its pictures.
 * @param quality of each picture, higher is better
 * @param threshold similarity from which a pair matches
 * @param shares of the pictures to reject, 0..1
 */
export function errorDiscard(
  quality: readonly number[],
  pairs: readonly GenuinePair[],
  threshold: number,
  shares: readonly number[],
): DiscardPoint[] {
  const sorted = quality.toSorted((a, b) => a - b);
  return shares.map((discarded) => {
    const first = Math.floor(discarded * sorted.length);
    const minQuality = first === 0 ? -Infinity : sorted[Math.min(first, sorted.length - 1)];
    const kept = pairs.filter(({ a, b }) => Math.min(quality[a], quality[b]) >= minQuality);
    const isLost = ({ similarity }: GenuinePair) => similarity < threshold;
    const people = [...Map.groupBy(kept, ({ identity }) => identity).values()];
    const rates = people.map((own) => own.filter(isLost).length / own.length);
    return {
      discarded,
      minQuality,
      pairs: kept.length,
      nonMatches: kept.filter(isLost).length,
      fnmr: rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length),
    };
  });
}
