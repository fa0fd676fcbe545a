/** Accuracy on a list of pairs by cross-validation (LFW technical report 07-49, section on evaluation). */
import { FaceError } from '../errors.ts';

export interface ScoredPair {
  readonly similarity: number;
  readonly samePerson: boolean;
}

interface Accuracy {
  /** Share of pairs judged right, 0..1: mean over the folds. */
  readonly mean: number;
  /** Standard error of that mean. */
  readonly standardError: number;
}

/**
 * For each fold: the threshold that judges the other folds best is tried on this one.
 * @param pairs genuine and impostor pairs, each in the order of the list; folds are consecutive runs of both
 * @param folds at least 2
 * @throws FaceError CALIBRATION_INVALID when there are fewer pairs of either kind than folds
 */
export function crossValidatedAccuracy(pairs: readonly ScoredPair[], folds = 10): Accuracy {
  const groups = [pairs.filter((p) => p.samePerson), pairs.filter((p) => !p.samePerson)];
  const fewest = Math.min(...groups.map((group) => group.length));
  if (fewest < folds) {
    throw new FaceError(
      'CALIBRATION_INVALID',
      `pairs: ${folds} folds need as many genuine and impostor pairs; there are ${fewest} of one kind`,
    );
  }
  const part = (group: readonly ScoredPair[], fold: number) =>
    group.slice(
      Math.floor(group.length * fold / folds),
      Math.floor(group.length * (fold + 1) / folds),
    );
  const accuracies: number[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const test = groups.flatMap((group) => part(group, fold));
    const inTest = new Set(test);
    const threshold = bestThreshold(pairs.filter((pair) => !inTest.has(pair)));
    const right = test.filter((pair) => (pair.similarity >= threshold) === pair.samePerson).length;
    accuracies.push(right / test.length);
  }
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / folds;
  const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (folds - 1);
  return { mean, standardError: Math.sqrt(variance / folds) };
}

function bestThreshold(pairs: readonly ScoredPair[]): number {
  const sorted = pairs.toSorted((a, b) => b.similarity - a.similarity);
  let right = sorted.filter((pair) => !pair.samePerson).length;
  let best = right, threshold = Infinity;
  sorted.forEach((pair, i) => {
    right += pair.samePerson ? 1 : -1;
    const next = sorted[i + 1]?.similarity ?? -Infinity;
    // No threshold parts pairs of one similarity.
    if (right > best && next < pair.similarity) {
      best = right;
      threshold = next === -Infinity ? pair.similarity : (pair.similarity + next) / 2;
    }
  });
  return threshold;
}
