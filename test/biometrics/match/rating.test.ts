import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { thresholdAt } from '../../../biometrics/match/calibration.ts';
import {
  MATCH_LEVELS,
  type MatchKind,
  rateSimilarity,
  reaches,
  workingPoints,
} from '../../../biometrics/match/rating.ts';
import { dotProduct } from '../../../biometrics/match/similarity.ts';
import { calibrationWith } from '../support/calibration.ts';

const KINDS: MatchKind[] = ['selfie', 'picture-id'];
const calibration = calibrationWith(0.1, [0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8]);

/** Any calibration: seven rising thresholds above an impostor mean, at least 0.001 apart. */
const anyCalibration = fc.tuple(
  fc.double({ min: -0.2, max: 0.3, noNaN: true }),
  fc.array(fc.double({ min: 0.001, max: 0.09, noNaN: true }), { minLength: 7, maxLength: 7 }),
).map(([mean, steps]) => {
  let threshold = mean;
  return calibrationWith(mean, steps.map((step) => threshold += step));
});

describe('rateSimilarity', () => {
  test('of a template with itself is the top of the scale, whatever rounding does to its length', () => {
    const values = fc.float32Array({ minLength: 64, maxLength: 1152, min: -1, max: 1, noNaN: true })
      .filter((vector) => Math.hypot(...vector) > 0.01);
    fc.assert(fc.property(values, (vector) => {
      const length = Math.hypot(...vector);
      const unit = vector.map((value) => value / length);
      const { similarityScore } = rateSimilarity(calibration, dotProduct(unit, unit), 'selfie');
      expect(similarityScore).toBe(100);
    }));
  });

  // IDENTY Web Server 6, "Match endpoints": 80/90/95/98 at 1e-3..1e-6; 60/80/85/90 at 1:200, 1k, 5k, 10k.
  test.each(
    [
      ['selfie', [[1e-3, 80, 'MEDIUM'], [1e-4, 90, 'HIGH'], [1e-5, 95, 'VERY_HIGH'], [
        1e-6,
        98,
        'HIGHEST',
      ]]],
      ['picture-id', [[5e-3, 60, 'MEDIUM'], [1e-3, 80, 'HIGH'], [2e-4, 85, 'VERY_HIGH'], [
        1e-4,
        90,
        'HIGHEST',
      ]]],
    ] as const,
  )('passes through the working points of the specification: %s', (kind, points) => {
    for (const [fmr, score, level] of points) {
      const threshold = thresholdAt(calibration, fmr);
      expect(rateSimilarity(calibration, threshold, kind)).toEqual({
        level,
        similarityScore: score,
      });
      // The boundary belongs to the level; anything under it does not.
      const under = rateSimilarity(calibration, threshold - 1e-9, kind);
      expect(under.level).not.toBe(level);
      expect(under.similarityScore).toBeLessThan(score);
      expect(under.similarityScore).toBeCloseTo(score, 4);
    }
  });

  test.each(KINDS)(
    'is 0 for strangers and below, 100 for the same picture and above: %s',
    (kind) => {
      for (const similarity of [-1, -0.5, 0.1, -Infinity]) {
        expect(rateSimilarity(calibration, similarity, kind)).toEqual({
          level: 'NONE',
          similarityScore: 0,
        });
      }
      for (const similarity of [1, 1 + 1e-7, Infinity]) {
        expect(rateSimilarity(calibration, similarity, kind)).toEqual({
          level: 'HIGHEST',
          similarityScore: 100,
        });
      }
    },
  );

  test.each(KINDS)('reaches no level without a number: %s', (kind) => {
    expect(rateSimilarity(calibration, NaN, kind)).toEqual({ level: 'NONE', similarityScore: 0 });
  });

  test.each(KINDS)('never falls as similarity rises, and never jumps: %s', (kind) => {
    const similarity = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(fc.property(anyCalibration, similarity, similarity, (any, a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const from = rateSimilarity(any, low, kind), to = rateSimilarity(any, high, kind);
      expect(to.similarityScore).toBeGreaterThanOrEqual(from.similarityScore);
      const rank = (level: string) => (MATCH_LEVELS as readonly string[]).indexOf(level);
      expect(rank(to.level)).toBeGreaterThanOrEqual(rank(from.level));
      // Thresholds are at least 0.001 apart, so no line is steeper than 100 per 0.001.
      expect(to.similarityScore - from.similarityScore).toBeLessThanOrEqual(
        1e5 * (high - low) + 1e-9,
      );
    }));
  });

  test.each(KINDS)('agrees with the working points that are published: %s', (kind) => {
    for (const { level, fmr, score } of workingPoints(kind)) {
      expect(rateSimilarity(calibration, thresholdAt(calibration, fmr), kind)).toEqual({
        level,
        similarityScore: score,
      });
    }
  });
});

describe('reaches', () => {
  test('holds for the same and weaker levels only', () => {
    MATCH_LEVELS.forEach((reached, i) =>
      MATCH_LEVELS.forEach((wanted, j) => expect(reaches(reached, wanted)).toBe(i >= j))
    );
    for (const wanted of MATCH_LEVELS) expect(reaches('NONE', wanted)).toBe(false);
  });
});
