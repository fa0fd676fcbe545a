import { describe, expect, test } from 'bun:test';
import {
  type GateRun,
  gatesFrom,
  leastEyeDistance,
} from '../../../biometrics/evaluate/quality-gates.ts';
import { judgeQuality } from '../../../biometrics/quality/judge.ts';

/** A hundred pictures whose every measure runs from 0 to 99, and yaw from -50 to 49. */
const clean = Array.from({ length: 100 }, (_, i) => ({
  faceCount: 1,
  yaw: i - 50,
  pitch: i - 50,
  roll: 0,
  rightEyeVisibility: i,
  leftEyeVisibility: i,
  noseVisibility: i,
  mouthVisibility: i,
  eyesOpen: 50,
  glassesGlare: 0,
  darkGlasses: 0,
  interEyeDistance: 120,
  score: i,
}));
/** Fails more and more below 20 pixels. */
const reduced = Array.from({ length: 400 }, (_, i) => ({
  eyeDistance: 10 + i / 10,
  fnmr: 10 + i / 10 < 20 ? 0.5 : 0.03,
}));
const run: GateRun = { dataName: 'made up', clean, reduced, cleanFnmr: 0.03 };

describe('gates of a run', () => {
  const gates = gatesFrom(run);

  test('ENROL refuses the stated shares of the clean pictures, and parts at their fixed limit', () => {
    const share = (measure: string) => {
      const own = gates.filter((gate) => gate.mode === 'ENROL' && gate.measure === measure);
      return clean.filter((picture) => !judgeQuality(own, 'ENROL', picture).accepted).length / 100;
    };
    expect(share('score')).toBeCloseTo(0.1, 10);
    expect(share('noseVisibility')).toBeCloseTo(0.45, 10);
    expect(share('yaw')).toBeGreaterThan(0.05);
    expect(share('yaw')).toBeLessThan(0.12);
  });

  test('VERIFY asks for less than ENROL in everything it asks for', () => {
    for (const gate of gates.filter(({ mode }) => mode === 'VERIFY')) {
      const strict = gates.find(({ mode, measure }) =>
        mode === 'ENROL' && measure === gate.measure
      );
      expect(gate.min!).toBeLessThan(strict!.min!);
    }
  });

  test('every gate says where its value comes from', () => {
    for (const { source } of gates) expect(source).toMatch(/made up|ISO\/IEC|IDENTY/);
  });
});

test('the least distance of the eyes is where comparisons begin to fail', () => {
  expect(leastEyeDistance(run)).toBeGreaterThanOrEqual(19);
  expect(leastEyeDistance(run)).toBeLessThanOrEqual(21);
  const allFail = { ...run, reduced: reduced.map((picture) => ({ ...picture, fnmr: 1 })) };
  expect(leastEyeDistance(allFail)).toBe(50);
});
