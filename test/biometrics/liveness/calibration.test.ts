import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { FaceError } from '../../../biometrics/mod.ts';
import { checkPadCalibration, parsePadCalibration } from '../../../biometrics/liveness/mod.ts';
import { padCalibrationWith } from '../support/pad-calibration.ts';

const good = padCalibrationWith([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, null, null]);
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** A calibration in which a test may write anything. */
// deno-lint-ignore no-explicit-any
type Damaged = any;

describe('parsePadCalibration', () => {
  test('reads back what was written', () => {
    expect(parsePadCalibration(bytes(good))).toEqual(good);
  });

  test.each<[string, (copy: Damaged) => void]>([
    ['an unknown field', (copy) => copy.extra = 1],
    ['another version', (copy) => copy.formatVersion = 2],
    ['a missing level', (copy) => copy.levels.pop()],
    ['levels out of order', (copy) => copy.levels.reverse()],
    ['another target than the level has', (copy) => copy.levels[0].targetApcer = 0.5],
    ['falling thresholds', (copy) => copy.levels[1].threshold = 0.05],
    ['a detector listed twice', (copy) => copy.detectors[1].id = 'one'],
    ['a negative fusion weight', (copy) => copy.detectors[0].weight = -1],
    ['a scale of zero', (copy) => copy.detectors[0].features[0].scale = 0],
    ['support without a threshold', (copy) => copy.levels[7].supported = true],
    ['support that the counts do not give', (copy) => copy.levels[0].apcerInterval[1] = 0.3],
    ['support that refuses most people', (copy) => copy.levels[0].bpcer = 0.9],
    ['attacks of unknown origin', (copy) => copy.data.attacks = 'some'],
  ])('refuses %s', (_, damage) => {
    const copy = structuredClone(good);
    damage(copy);
    expect(() => checkPadCalibration(copy)).toThrow(FaceError);
  });

  test('answers any bytes with a calibration or a CALIBRATION_INVALID', () => {
    const text = JSON.stringify(good);
    fc.assert(fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 400 }),
        fc.json().map((json) => new TextEncoder().encode(json)),
        fc.tuple(fc.nat(text.length - 1), fc.string({ maxLength: 4 })).map(([at, put]) =>
          new TextEncoder().encode(text.slice(0, at) + put + text.slice(at + put.length))
        ),
      ),
      (input) => {
        try {
          expect(parsePadCalibration(input).format).toBe('gatehouse-pad-calibration');
        } catch (error) {
          expect(error).toBeInstanceOf(FaceError);
          expect((error as FaceError).code).toBe('CALIBRATION_INVALID');
        }
      },
    ));
  });
});
