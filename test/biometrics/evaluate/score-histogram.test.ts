import { describe, expect, test } from 'bun:test';
import { dotProduct } from '../../../biometrics/match/similarity.ts';
import {
  BINS,
  binStart,
  compareAll,
  type LabelledVector,
} from '../../../biometrics/evaluate/score-histogram.ts';
import {
  falseMatchesAt,
  fnmrAt,
  thresholdFor,
} from '../../../biometrics/evaluate/working-points.ts';
import { crowd } from '../support/crowd.ts';

/** All pairs, one by one. */
function bruteForce(faces: readonly LabelledVector[]) {
  const genuine: { identity: string; score: number }[] = [], impostors: number[] = [];
  faces.forEach((a, i) =>
    faces.slice(i + 1).forEach((b) => {
      const score = dotProduct(a.vector, b.vector);
      if (a.identity === b.identity) genuine.push({ identity: a.identity, score });
      else impostors.push(score);
    })
  );
  const people = new Map<string, number[]>();
  for (const { identity, score } of genuine) {
    people.set(identity, [...people.get(identity) ?? [], score]);
  }
  return { genuine, impostors, people: [...people.values()] };
}

describe('compareAll', () => {
  // More faces than two blocks of the inner loop, in an order that mixes people.
  const faces = crowd(50, (person) => 1 + person % 5, 12, 0.4, 7);
  const histogram = compareAll(faces);
  const truth = bruteForce(faces);

  test('counts every pair once', () => {
    expect(histogram.genuinePairs).toBe(truth.genuine.length);
    expect(histogram.impostorPairs).toBe(truth.impostors.length);
    expect(histogram.people).toBe(truth.people.length);
    expect(histogram.impostors.reduce((sum, count) => sum + count, 0)).toBe(truth.impostors.length);
    const mean = truth.impostors.reduce((sum, score) => sum + score, 0) / truth.impostors.length;
    expect(histogram.impostorMean).toBeCloseTo(mean, 9);
  });

  test('puts each score into its bin, so that rates come out as counted one by one', () => {
    for (const bin of [BINS / 4, BINS / 2, 120_000, 150_000, 170_000, 190_000]) {
      const threshold = binStart(bin);
      expect(falseMatchesAt(histogram, threshold))
        .toBe(truth.impostors.filter((score) => score >= threshold).length);
      const perPerson = truth.people.map((scores) =>
        scores.filter((score) => score < threshold).length / scores.length
      );
      const balanced = perPerson.reduce((sum, share) => sum + share, 0) / perPerson.length;
      expect(fnmrAt(histogram, threshold)).toBeCloseTo(balanced, 9);
    }
  });

  test('finds the lowest threshold at which a rate is kept', () => {
    for (const fmr of [0.3, 0.1, 0.01, 0.001]) {
      const threshold = thresholdFor(histogram, fmr);
      const share = (at: number) =>
        truth.impostors.filter((score) => score >= at).length / truth.impostors.length;
      expect(share(threshold)).toBeLessThanOrEqual(fmr);
      expect(share(threshold - 2 / BINS)).toBeGreaterThan(fmr);
    }
    expect(thresholdFor(histogram, 1)).toBe(-1);
  });

  test('lets a person of many pictures count no more than one of two', () => {
    const unit = (x: number, y: number) => Float32Array.of(x, y);
    const many = Array.from({ length: 10 }, () => ({ identity: 'many', vector: unit(1, 0) }));
    const two = [
      { identity: 'two', vector: unit(0, 1) },
      { identity: 'two', vector: unit(0, -1) },
    ];
    // 45 genuine pairs at 1, one at -1: half of the people fail.
    expect(fnmrAt(compareAll([...many, ...two]), 0.5)).toBeCloseTo(0.5, 9);
  });

  test.each([1, 10, 64, 65, 200])('reports progress that rises from 0 to 1: %d faces', (count) => {
    const shares: number[] = [];
    compareAll(crowd(count, () => 1, 4, 0.1, 3), (share) => shares.push(share));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares[0]).toBeGreaterThanOrEqual(0);
    expect(shares.at(-1)).toBe(1);
  });
});
