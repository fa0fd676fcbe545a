import { describe, expect, test } from 'bun:test';
import { WORKING_POINTS } from '../../../biometrics/match/calibration.ts';
import { FaceError } from '../../../biometrics/errors.ts';
import { calibrationFrom, compareAll } from '../../../biometrics/evaluate/mod.ts';
import { BINS, type ScoreHistogram } from '../../../biometrics/evaluate/score-histogram.ts';
import { findWorkingPoints } from '../../../biometrics/evaluate/working-points.ts';
import { crowd } from '../support/crowd.ts';

/**
 * Impostor scores with `perDecade` of similarity for every tenfold fall of the rate: `pairs` of them,
 * of which a tenth lies above `start`. One genuine pair at 0.9.
 */
function straightTail(pairs: number, start: number, perDecade: number): ScoreHistogram {
  const impostors = new Float64Array(BINS), genuine = new Float64Array(BINS);
  const bin = (score: number) => Math.floor((score + 1) / 2 * BINS);
  for (let rank = 1; rank <= pairs; rank++) {
    impostors[bin(start + perDecade * -Math.log10(10 * (rank - 0.5) / pairs))]++;
  }
  genuine[bin(0.9)] = 1;
  return {
    impostors,
    genuine,
    impostorPairs: pairs,
    genuinePairs: 1,
    people: 1,
    impostorMean: -0.2,
  };
}

describe('findWorkingPoints', () => {
  test('reads supported rates off the data and extends the line for the others', () => {
    const { points, extrapolation } = findWorkingPoints(straightTail(300_000, 0.2, 0.1));
    expect(points.map(({ fmr }) => fmr)).toEqual([...WORKING_POINTS]);
    for (const { fmr, threshold, extrapolated, falseMatches, fnmr } of points) {
      // 30 false matches of 300,000 pairs support 1e-4.
      expect(extrapolated).toBe(fmr < 1e-4);
      expect(threshold).toBeCloseTo(0.2 + 0.1 * -Math.log10(10 * fmr), 2);
      expect(falseMatches).toBeLessThanOrEqual(fmr * 300_000);
      expect(fnmr).toBe(threshold > 0.9 ? 1 : 0);
    }
    expect(extrapolation).toContain('Rates under 0.0001 rest on fewer than 30 false matches');
    expect(extrapolation).toContain('through 0.001 and 0.0001');
  });

  test('never extends below what the data itself needs to keep to the rate', () => {
    const histogram = straightTail(300_000, 0.2, 0.1);
    // Twenty pairs of "strangers" that are one person under two names.
    histogram.impostors[Math.floor(1.95 / 2 * BINS)] += 20;
    for (const { fmr, falseMatches } of findWorkingPoints(histogram).points) {
      expect(falseMatches).toBeLessThanOrEqual(fmr * 300_000);
    }
  });

  test('says nothing of extrapolation where all rates are supported', () => {
    const histogram = straightTail(300_000, 0.2, 0.1);
    const hundredfold = {
      ...histogram,
      impostors: histogram.impostors.map((count) => 100 * count),
      impostorPairs: 30_000_000,
    };
    const { points, extrapolation } = findWorkingPoints(hundredfold);
    expect(points.some(({ extrapolated }) => extrapolated)).toBe(false);
    expect(extrapolation).toBe('');
  });
});

describe('calibrationFrom', () => {
  const run = {
    modelId: '0123456789abcdef',
    dataName: 'made up',
    images: 10,
    withoutFace: 1,
    identities: 5,
    date: '2026-01-02',
    command: 'none',
  };

  test('writes down data, run and points', () => {
    const calibration = calibrationFrom(run, straightTail(300_000, 0.2, 0.1));
    expect(calibration.data).toEqual({
      name: 'made up',
      images: 10,
      withoutFace: 1,
      identities: 5,
      genuinePairs: 1,
      impostorPairs: 300_000,
    });
    expect(calibration.run).toEqual({ date: '2026-01-02', command: 'none' });
    expect(calibration.impostorMean).toBe(-0.2);
    expect(calibration.points.length).toBe(WORKING_POINTS.length);
  });

  test.each([
    ['too few impostor pairs', straightTail(29_999, 0.2, 0.1), '29999 impostor pairs support no'],
    [
      'no genuine pairs',
      { ...straightTail(30_000, 0.2, 0.1), people: 0 },
      'nobody has two pictures',
    ],
    [
      'scores that cannot be told apart',
      { ...compareAll(crowd(2, () => 3, 3, 0, 1)), impostorPairs: 30_000, impostorMean: 1 },
      'calibration: ',
    ],
  ])('refuses %s', (_, histogram, message) => {
    const attempt = () => calibrationFrom(run, histogram);
    expect(attempt).toThrow(FaceError);
    expect(attempt).toThrow(message);
  });
});
