/**
 * Scores of all pairs of a set of templates, kept as histograms: memory does not grow with the
 * number of pairs. Genuine pairs are weighted so that every person counts the same.
 */
import { dotProduct } from '../match/similarity.ts';

/** Width of a bin: 2 / BINS of similarity. */
export const BINS = 200_000;

/** One face of the evaluation data: whose it is, and its unit vector. */
export interface LabelledVector {
  readonly identity: string;
  readonly vector: Float32Array;
}

export interface ScoreHistogram {
  /** Impostor pairs by bin; bin 0 starts at similarity -1. */
  readonly impostors: Float64Array;
  /** Weight of genuine pairs by bin; the weights of one person's pairs sum to 1. */
  readonly genuine: Float64Array;
  readonly impostorPairs: number;
  readonly genuinePairs: number;
  /** Persons with at least one genuine pair. */
  readonly people: number;
  readonly impostorMean: number;
}

/** Lower edge of a bin. */
export function binStart(bin: number): number {
  return -1 + 2 * bin / BINS;
}

function binOf(similarity: number): number {
  return Math.min(BINS - 1, Math.max(0, Math.floor((similarity + 1) / 2 * BINS)));
}

/**
 * Compares every face with every other.
 * @param onProgress called now and then with the share done, 0..1
 */
export function compareAll(
  faces: readonly LabelledVector[],
  onProgress: (share: number) => void = () => {},
): ScoreHistogram {
  const people = new Map<string, number>();
  const person = faces.map(({ identity }) => {
    if (!people.has(identity)) people.set(identity, people.size);
    return people.get(identity)!;
  });
  const images = new Array<number>(people.size).fill(0);
  for (const p of person) images[p]++;

  const impostors = new Float64Array(BINS), genuine = new Float64Array(BINS);
  let impostorPairs = 0, genuinePairs = 0, impostorSum = 0;
  // Blocks keep the vectors of the inner loop in the processor's cache.
  const block = 64, n = faces.length;
  for (let rowBlock = 0; rowBlock < n; rowBlock += block) {
    for (let columnBlock = rowBlock; columnBlock < n; columnBlock += block) {
      for (let i = rowBlock; i < Math.min(n, rowBlock + block); i++) {
        const vector = faces[i].vector;
        for (let j = Math.max(i + 1, columnBlock); j < Math.min(n, columnBlock + block); j++) {
          const score = dotProduct(vector, faces[j].vector);
          if (person[i] === person[j]) {
            genuinePairs++;
            genuine[binOf(score)] += 2 / (images[person[i]] * (images[person[i]] - 1));
          } else {
            impostorPairs++;
            impostorSum += score;
            impostors[binOf(score)]++;
          }
        }
      }
    }
    onProgress(1 - (Math.max(0, n - rowBlock - block) / n) ** 2);
  }
  return {
    impostors,
    genuine,
    impostorPairs,
    genuinePairs,
    people: images.filter((count) => count > 1).length,
    impostorMean: impostorPairs === 0 ? 0 : impostorSum / impostorPairs,
  };
}
