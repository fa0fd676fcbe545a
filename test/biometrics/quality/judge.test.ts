import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { QualityGate } from '../../../biometrics/quality/calibration.ts';
import { judgeQuality } from '../../../biometrics/quality/judge.ts';

const gate = (
  mode: QualityGate['mode'],
  finding: QualityGate['finding'],
  measure: string,
  limits: { min?: number; max?: number },
): QualityGate => ({ mode, finding, measure, ...limits, source: 'test' });

const gates = [
  gate('ENROL', 'QUALITY', 'score', { min: 60 }),
  gate('ENROL', 'EYE_DISTANCE', 'interEyeDistance', { min: 90 }),
  gate('ENROL', 'HEAD_POSE', 'yaw', { min: -10, max: 10 }),
  gate('ENROL', 'OCCLUSION', 'noseVisibility', { min: 45 }),
  gate('ENROL', 'MULTIPLE_FACES', 'faceCount', { max: 1 }),
  gate('VERIFY', 'QUALITY', 'score', { min: 40 }),
  gate('VERIFY', 'EYE_DISTANCE', 'interEyeDistance', { min: 40 }),
];
const eyes = { eyesOpen: 50, glassesGlare: 0, darkGlasses: 20 };
const good = {
  score: 80,
  interEyeDistance: 120,
  yaw: 0,
  noseVisibility: 90,
  faceCount: 1,
  ...eyes,
};

describe('quality gates', () => {
  test('let a good picture through in every mode', () => {
    for (const mode of ['ENROL', 'VERIFY', 'DISABLED'] as const) {
      expect(judgeQuality(gates, mode, good)).toEqual({ accepted: true, findings: [] });
    }
  });

  test('limits are inclusive on both sides', () => {
    for (const yaw of [-10, 10]) {
      expect(judgeQuality(gates, 'ENROL', { ...good, yaw }).accepted).toBe(true);
    }
    for (const yaw of [-10.01, 10.01]) {
      expect(judgeQuality(gates, 'ENROL', { ...good, yaw }).findings).toEqual([
        { kind: 'HEAD_POSE', measure: 'yaw', value: yaw, min: -10, max: 10 },
      ]);
    }
  });

  test('VERIFY asks for less than ENROL, DISABLED for nothing', () => {
    const poor = {
      ...good,
      score: 50,
      interEyeDistance: 50,
      yaw: 30,
      noseVisibility: 0,
      faceCount: 3,
    };
    expect(judgeQuality(gates, 'ENROL', poor).findings.map(({ kind }) => kind)).toEqual([
      'MULTIPLE_FACES',
      'HEAD_POSE',
      'OCCLUSION',
      'EYE_DISTANCE',
      'QUALITY',
    ]);
    expect(judgeQuality(gates, 'VERIFY', poor).accepted).toBe(true);
    const worse = { ...poor, score: 30 };
    expect(judgeQuality(gates, 'VERIFY', worse).findings.map(({ kind }) => kind)).toEqual([
      'QUALITY',
    ]);
    expect(judgeQuality(gates, 'DISABLED', worse).accepted).toBe(true);
  });

  test('ENROL wants eyes that are open, without glare and dark glass, whatever the calibration says', () => {
    for (const fault of [{ eyesOpen: 9.9 }, { glassesGlare: 12.1 }, { darkGlasses: 85.1 }]) {
      const [measure] = Object.keys(fault);
      const { findings } = judgeQuality([], 'ENROL', { ...good, ...fault });
      expect(findings).toMatchObject([{ kind: 'OCCLUSION', measure }]);
      expect(judgeQuality(gates, 'VERIFY', { ...good, ...fault }).accepted).toBe(true);
    }
    const atTheLimits = { eyesOpen: 10, glassesGlare: 12, darkGlasses: 85 };
    expect(judgeQuality(gates, 'ENROL', { ...good, ...atTheLimits }).accepted).toBe(true);
  });

  test('a measure that was not taken is let through by no gate', () => {
    const { yaw: _, ...rest } = good;
    for (const measures of [rest, { ...good, yaw: NaN }]) {
      const { accepted, findings } = judgeQuality(gates, 'ENROL', measures);
      expect(accepted).toBe(false);
      expect(findings).toMatchObject([{ kind: 'HEAD_POSE', value: NaN }]);
    }
  });

  test('accepts exactly when every gate of the mode holds', () => {
    fc.assert(fc.property(
      fc.record({
        score: fc.double({ min: 0, max: 100 }),
        interEyeDistance: fc.double({ min: 0, max: 300 }),
        yaw: fc.double({ min: -90, max: 90 }),
        noseVisibility: fc.double({ min: 0, max: 100 }),
        faceCount: fc.integer({ min: 1, max: 5 }),
      }),
      (measures) => {
        const { score, interEyeDistance, yaw, noseVisibility, faceCount } = measures;
        expect(judgeQuality(gates, 'ENROL', { ...measures, ...eyes }).accepted).toBe(
          score >= 60 && interEyeDistance >= 90 && Math.abs(yaw) <= 10 && noseVisibility >= 45 &&
            faceCount <= 1,
        );
      },
    ));
  });
});
