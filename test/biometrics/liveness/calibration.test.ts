import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { FaceError } from '../../../biometrics/mod.ts';
import { checkPadCalibration, parsePadCalibration } from '../../../biometrics/liveness/mod.ts';
import { writeWeights } from '../../../biometrics/liveness/random-fourier.ts';
import { padCalibrationWith } from '../support/pad-calibration.ts';

const plain = padCalibrationWith([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, null, null]);
/** The second detector has a kernel. */
const good = checkPadCalibration({
  ...plain,
  detectors: [plain.detectors[0], {
    id: 'other',
    model: 'random-fourier',
    features: [{ name: 'value', mean: 0, scale: 1 }],
    seed: 1,
    gamma: 0.5,
    count: 2,
    weights: writeWeights([1, -1, 0.5, 2]),
    bias: 0,
    weight: 1,
  }],
});
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
    ['a model of unknown kind', (copy) => copy.detectors[1].model = 'tree'],
    ['a logistic model without its weights', (copy) => delete copy.detectors[0].features[0].square],
    ['a logistic model with a kernel', (copy) => copy.detectors[0].gamma = 1],
    ['a kernel beside weights of each value', (copy) => copy.detectors[1].features[0].linear = 1],
    ['a kernel without width', (copy) => copy.detectors[1].gamma = 0],
    ['a seed that is no number of 32 bits', (copy) => copy.detectors[1].seed = 2 ** 32],
    ['more frequencies than allowed', (copy) => copy.detectors[1].count = 4097],
    ['fewer weights than frequencies ask for', (copy) => copy.detectors[1].count = 3],
    ['more weights', (copy) => copy.detectors[1].weights = writeWeights([1, 2, 3, 4, 5])],
    ['half a weight more', (copy) => copy.detectors[1].weights = 'AACAPwAAgL8AAAA/AAAAQAAA'],
    ['weights that are no Base64', (copy) => copy.detectors[1].weights = '?'.repeat(24)],
    [
      'a weight that is no number',
      (copy) => copy.detectors[1].weights = writeWeights([1, 2, 3, NaN]),
    ],
    [
      'a weight without end',
      (copy) => copy.detectors[1].weights = writeWeights([1, 2, 3, Infinity]),
    ],
    ['a weight too large', (copy) => copy.detectors[1].weights = writeWeights([1, 2, 3, 1e7])],
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
