import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { FaceError } from '../../../biometrics/errors.ts';
import { parseQualityCalibration } from '../../../biometrics/quality/calibration.ts';
import { failure } from '../image/samples.ts';

const calibration = {
  format: 'gatehouse-quality-calibration',
  formatVersion: 1,
  modelId: '0123456789abcdef',
  data: {
    name: 'made up',
    images: 3,
    withoutFace: 0,
    identities: 2,
    genuinePairs: 1,
    degraded: 0,
    degradedWithoutFace: 0,
  },
  run: { date: '2026-11-26', command: 'none' },
  score: {
    inputs: [{ name: 'presence', lowest: 0, highest: 1, weight: 0.1 }],
    offset: 0.5,
    zero: 0.4,
    hundred: 0.9,
  },
  gates: [{ mode: 'ENROL', finding: 'QUALITY', measure: 'score', min: 50, source: 'made up' }],
};
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('quality calibration', () => {
  test('is read as it was written', () => {
    expect(parseQualityCalibration(bytesOf(calibration)) as unknown).toEqual(calibration);
  });

  const { min: _, ...openGate } = calibration.gates[0];
  const broken: [string, unknown, string][] = [
    ['another format', { ...calibration, format: 'x' }, 'format'],
    ['an extra field', { ...calibration, extra: 1 }, 'extra'],
    ['scores that fall', { ...calibration, score: { ...calibration.score, zero: 1 } }, 'hundred'],
    ['a gate without limit', { ...calibration, gates: [openGate] }, 'a gate needs min or max'],
  ];
  for (const [name, value, message] of broken) {
    test(`refuses ${name}`, async () => {
      const error = await failure(() => parseQualityCalibration(bytesOf(value)));
      expect(error.code).toBe('CALIBRATION_INVALID');
      expect(error.message).toContain(message);
    });
  }

  test('any bytes are read or refused with a FaceError', () => {
    const text = JSON.stringify(calibration);
    fc.assert(fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 100 }),
        fc.tuple(fc.nat(text.length), fc.string({ maxLength: 3 })).map(([at, change]) =>
          new TextEncoder().encode(text.slice(0, at) + change + text.slice(at + change.length))
        ),
      ),
      (bytes) => {
        try {
          parseQualityCalibration(bytes);
        } catch (error) {
          if (!(error instanceof FaceError)) throw error;
        }
      },
    ));
  });
});
