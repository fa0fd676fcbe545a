import { describe, expect, test } from 'bun:test';
import { crossValidatedAccuracy, type ScoredPair } from '../../../biometrics/evaluate/mod.ts';
import { FaceError } from '../../../biometrics/errors.ts';
import { seeded } from '../support/crowd.ts';

const pairs = (genuine: readonly number[], impostor: readonly number[]): ScoredPair[] => [
  ...genuine.map((similarity) => ({ similarity, samePerson: true })),
  ...impostor.map((similarity) => ({ similarity, samePerson: false })),
];

/** Tries every score as threshold on the other folds. */
function slowAccuracy(genuine: readonly number[], impostor: readonly number[], folds: number) {
  const inFold = (length: number, i: number, fold: number) =>
    i >= Math.floor(length * fold / folds) && i < Math.floor(length * (fold + 1) / folds);
  let sum = 0;
  for (let fold = 0; fold < folds; fold++) {
    const pick = (list: readonly number[], inside: boolean) =>
      list.filter((_, i) => inFold(list.length, i, fold) === inside);
    const right = (g: readonly number[], n: readonly number[], threshold: number) =>
      g.filter((s) => s >= threshold).length + n.filter((s) => s < threshold).length;
    const [g, n] = [pick(genuine, false), pick(impostor, false)];
    const candidates = [...g, ...n].toSorted((a, b) => b - a);
    let best = n.length, threshold = Infinity;
    candidates.forEach((score, i) => {
      const next = candidates.slice(i).find((other) => other < score) ?? score;
      if (right(g, n, score) > best) {
        best = right(g, n, score);
        threshold = (score + next) / 2;
      }
    });
    const [tg, tn] = [pick(genuine, true), pick(impostor, true)];
    sum += right(tg, tn, threshold) / (tg.length + tn.length);
  }
  return sum / folds;
}

describe('crossValidatedAccuracy', () => {
  test('is 1 where genuine and impostor scores do not meet', () => {
    const genuine = Array.from({ length: 20 }, (_, i) => 0.6 + i / 100);
    const impostor = Array.from({ length: 20 }, (_, i) => 0.1 + i / 100);
    expect(crossValidatedAccuracy(pairs(genuine, impostor))).toEqual({ mean: 1, standardError: 0 });
  });

  test('equals trying every threshold, ties included', () => {
    const next = seeded(11);
    for (const step of [1e-9, 0.2]) {
      const rounded = (value: number) => Math.round(value / step) * step;
      const genuine = Array.from({ length: 60 }, () => rounded(0.3 + 0.5 * next()));
      const impostor = Array.from({ length: 45 }, () => rounded(-0.2 + 0.5 * next()));
      const { mean, standardError } = crossValidatedAccuracy(pairs(genuine, impostor));
      expect(mean).toBeCloseTo(slowAccuracy(genuine, impostor, 10), 9);
      expect(standardError).toBeGreaterThan(0);
    }
  });

  test('gives the standard error of the mean over the folds', () => {
    // Two folds; each threshold comes from the other: 0.5, which judges fold 2 half wrong.
    const list = pairs([0.9, 0.8, 0.9, 0.2], [0.1, 0.2, 0.1, 0.7]);
    const { mean, standardError } = crossValidatedAccuracy(list, 2);
    expect(mean).toBeCloseTo((1 + 0.5) / 2, 9);
    // Standard deviation of {1, 0.5} is 0.3536; divided by the root of 2.
    expect(standardError).toBeCloseTo(0.25, 9);
  });

  test('refuses fewer pairs than folds', () => {
    const attempt = () => crossValidatedAccuracy(pairs([0.9, 0.8], [0.1, 0.2, 0.3]), 3);
    expect(attempt).toThrow(FaceError);
    expect(attempt).toThrow('pairs: 3 folds need as many genuine and impostor pairs; there are 2');
  });
});
