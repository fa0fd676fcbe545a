import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import {
  parseCalibration,
  thresholdAt,
  WORKING_POINTS,
} from '../../../biometrics/match/calibration.ts';
import { FaceError } from '../../../biometrics/errors.ts';
import { defaultPipeline } from '../support/engine.ts';
import { calibrationWith } from '../support/calibration.ts';

const good = calibrationWith(0.1, [0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8]);
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const committed = Bun.file(join(import.meta.dir, '../../../models/default/calibration-match.json'));

describe('parseCalibration', () => {
  test('reads what it should', () => {
    expect(parseCalibration(bytesOf(good))).toEqual(good);
    expect(thresholdAt(good, 1e-4)).toBe(0.6);
    expect(() => thresholdAt(good, 0.5)).toThrow('calibration: no working point at 0.5');
  });

  const point = (i: number, change: object) => ({
    ...good,
    points: good.points.map((entry, k) => k === i ? { ...entry, ...change } : entry),
  });
  test.each([
    ['a later format', { ...good, formatVersion: 2 }, 'calibration: formatVersion: '],
    ['a model id that is none', { ...good, modelId: 'x' }, 'calibration: modelId: '],
    ['an unknown field', { ...good, note: 'hello' }, 'calibration: : '],
    ['a missing working point', { ...good, points: good.points.slice(1) }, 'calibration: points: '],
    ['another rate', point(2, { fmr: 2e-3 }), 'calibration: points.2: rates must be 0.01, '],
    ['thresholds that do not rise', point(4, { threshold: 0.55 }), 'calibration: points.4: rates '],
    ['a threshold below strangers', point(0, { threshold: 0.1 }), 'calibration: points.0: rates '],
    [
      'a threshold that nothing passes',
      point(6, { threshold: 1 }),
      'calibration: points.6.threshold: ',
    ],
    [
      'a threshold that is no number',
      point(3, { threshold: null }),
      'calibration: points.3.threshold: ',
    ],
    ['a list', [], 'calibration: '],
  ])('refuses %s', (_, value, message) => {
    const attempt = () => parseCalibration(bytesOf(value));
    expect(attempt).toThrow(FaceError);
    expect(attempt).toThrow(message);
  });

  test.each([['no JSON', '{'], ['broken UTF-8', '\xff']])('refuses %s', (_, text) => {
    const attempt = () => parseCalibration(Uint8Array.from(text, (c) => c.charCodeAt(0)));
    expect(attempt).toThrow(new FaceError('CALIBRATION_INVALID', 'calibration: not JSON'));
  });
});

describe('default calibration', () => {
  test('is for the embedders of the default pack', async () => {
    const calibration = parseCalibration(await committed.bytes());
    expect(calibration.modelId).toBe((await defaultPipeline()).modelId);
  });

  test('names its data and run, and marks every rate that too few false matches support', async () => {
    const { data, run, points, extrapolation } = parseCalibration(await committed.bytes());
    expect(data.name).not.toBe('');
    expect(run.command).toContain('models calibrate');
    expect(data.impostorPairs).toBeGreaterThan(1e6);
    for (const { fmr, extrapolated, falseMatches } of points) {
      expect(extrapolated).toBe(fmr * data.impostorPairs < 30);
      if (!extrapolated) expect(falseMatches).toBeLessThanOrEqual(fmr * data.impostorPairs);
    }
    expect(extrapolation !== '').toBe(points.some((entry) => entry.extrapolated));
    expect(points.map((entry) => entry.fmr)).toEqual([...WORKING_POINTS]);
  });
});
