import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  judgeCapture,
  LIVENESS_LEVELS,
  rateLiveness,
  reachesLiveness,
} from '../../../biometrics/liveness/mod.ts';
import { padCalibrationWith } from '../support/pad-calibration.ts';

const calibration = padCalibrationWith([0.2, 0.4, 0.5, 0.6, 0.7, 0.9, null, null]);
const verdict = (detector: string, score: number, confidence = 1) => ({
  detector,
  score,
  confidence,
  reason: `${detector} says ${score}`,
});
const both = (score: number) => [verdict('one', score), verdict('other', score)];

describe('rateLiveness', () => {
  test('adds the log-odds of the verdicts', () => {
    const { score } = rateLiveness(calibration, [verdict('one', 0.8), verdict('other', 0.5)]);
    expect(score).toBeCloseTo(0.8, 9);
    // Odds of 4 and 4 make odds of 16.
    expect(rateLiveness(calibration, both(0.8)).score).toBeCloseTo(16 / 17, 9);
  });

  test('gives the strictest supported level reached, and null under the weakest', () => {
    expect(rateLiveness(calibration, both(0.5)).highestLevel).toBe('MODERATE');
    expect(rateLiveness(calibration, both(0.2)).highestLevel).toBeNull();
  });

  test('never gives a level that is not supported, however sure the detectors are', () => {
    const rating = rateLiveness(calibration, both(1));
    expect(rating.highestLevel).toBe('BALANCED_VERY_HIGH');
    expect(rating.evidence).toBe('synthetic');
    expect(rating.reasons).toContain('HIGHEST: not supported, too few attacks');
    expect(reachesLiveness(calibration, rating.highestLevel, 'VERY_HIGH')).toBe(false);
    expect(reachesLiveness(calibration, 'HIGHEST', 'VERY_HIGH')).toBe(false);
    expect(reachesLiveness(calibration, 'HIGH', 'MEDIUM')).toBe(true);
    expect(reachesLiveness(calibration, null, 'LOW')).toBe(false);
  });

  test.each<[string, ReturnType<typeof both>]>([
    ['missing', [verdict('one', 1)]],
    ['unable to judge', [verdict('one', 1), verdict('other', 1, 0)]],
    ['no number', [verdict('one', 1), verdict('other', NaN)]],
    ['refused by a rule', [...both(1), verdict('some-rule', 0.1)]],
    ['refused by a rule that is no number', [...both(1), verdict('some-rule', NaN)]],
  ])('reaches nothing when a verdict is %s', (_, verdicts) => {
    expect(rateLiveness(calibration, verdicts)).toMatchObject({ score: 0, highestLevel: null });
  });

  test('a veto refuses, until the fused score overrules it', () => {
    const veto = { detector: 'one', below: -4, overruledFrom: 0.9, bonaFide: 100, refused: 2 };
    const fitted = { ...calibration, vetoes: [veto] };
    const refusal = verdict('one-veto', 0);
    // odds of 3 and 3 make odds of 9, a score of 0.9
    expect(rateLiveness(fitted, [...both(0.76), refusal]).score).toBeGreaterThan(0.9);
    expect(rateLiveness(fitted, [...both(0.74), refusal])).toMatchObject({
      score: 0,
      highestLevel: null,
      reasons: expect.arrayContaining(['one-veto: one-veto says 0']),
    });
    // nothing overrules another rule
    expect(rateLiveness(fitted, [...both(0.99), verdict('some-rule', 0)]).score).toBe(0);
    const strict = { ...calibration, vetoes: [{ ...veto, overruledFrom: 1 }] };
    expect(rateLiveness(strict, [...both(0.99), refusal]).score).toBe(0);
  });

  test('a rule that finds nothing changes nothing', () => {
    const quiet = judgeCapture({ cameraLabel: 'FaceTime HD Camera' });
    expect(rateLiveness(calibration, [...both(0.8), quiet]).score)
      .toBe(rateLiveness(calibration, both(0.8)).score);
  });

  test('a better verdict never lowers the score or the level', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(fc.property(share, share, share, (a, b, c) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const worse = rateLiveness(calibration, [verdict('one', low), verdict('other', c)]);
      const better = rateLiveness(calibration, [verdict('one', high), verdict('other', c)]);
      expect(better.score).toBeGreaterThanOrEqual(worse.score);
      const rank = (level: typeof better.highestLevel) =>
        level === null ? -1 : LIVENESS_LEVELS.indexOf(level);
      expect(rank(better.highestLevel)).toBeGreaterThanOrEqual(rank(worse.highestLevel));
    }));
  });
});

describe('judgeCapture', () => {
  test.each([
    [{ cameraLabel: 'OBS Virtual Camera' }],
    [{ cameraLabel: 'ManyCam Virtual Webcam' }],
    [{ software: 'Adobe Photoshop 25.0' }],
    [{ claimed: { width: 480, height: 640 }, actual: { width: 500, height: 500 } }],
    [{ claimed: { width: 480, height: 640 }, actual: { width: 960, height: 1280 } }],
  ])('refuses %j', (signals) => {
    const { score, confidence } = judgeCapture(signals);
    expect(score).toBeLessThan(0.5);
    expect(confidence).toBe(1);
  });

  test.each([
    [{}],
    [{ cameraLabel: 'Integrated Camera (04f2:b6d0)' }],
    [{ software: 'HDR+ 1.0.540104767zd' }],
    [{ claimed: { width: 1280, height: 960 }, actual: { width: 640, height: 480 } }],
    [{ claimed: { width: 640, height: 480 }, actual: { width: 480, height: 640 } }],
  ])('has nothing to say against %j, and does not vouch for it', (signals) => {
    expect(judgeCapture(signals)).toMatchObject({ score: 0.5, confidence: 0 });
  });
});
