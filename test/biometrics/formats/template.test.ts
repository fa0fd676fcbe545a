import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { FaceError } from '../../../biometrics/errors.ts';
import { decodeTemplate, encodeTemplate } from '../../../biometrics/formats/mod.ts';
import { failure, patched } from '../image/samples.ts';

const MODEL = '0123456789abcdef';

function unit(values: Iterable<number>): Float32Array {
  const vector = Float32Array.from(values);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index], 0);
}

/** Any finite components, of any mixture of magnitudes: outliers and all-but-zero parts included. */
const anyUnit = fc.integer({ min: 128, max: 1152 }).chain((dimension) =>
  fc.array(fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.constantFrom(0, 1e-4, -30)), {
    minLength: dimension,
    maxLength: dimension,
  })
).filter((values) => values.some((value) => Math.abs(value) > 1e-3)).map(unit);

const sample = encodeTemplate({
  modelId: MODEL,
  vector: unit(Array.from({ length: 130 }, (_, index) => Math.sin(index * index))),
});

describe('face templates', () => {
  test('open with the magic and version that clients know', () => {
    expect(Buffer.from(sample).toString('base64')).toStartWith('SURFTlRZAQAB');
    expect(sample.length).toBe(8 + 1 + 8 + 2 + 130 + 5 * 2 + 4);
  });

  test('keep direction, length and model', () => {
    fc.assert(
      fc.property(anyUnit, (vector) => {
        const decoded = decodeTemplate(encodeTemplate({ modelId: MODEL, vector }));
        expect(decoded.modelId).toBe(MODEL);
        expect(Math.abs(Math.hypot(...decoded.vector) - 1)).toBeLessThan(1e-5);
        expect(cosine(decoded.vector, vector)).toBeGreaterThan(0.9995);
      }),
      { numRuns: 200 },
    );
  });

  test('a vector of one dominant component stays itself', () => {
    const vector = unit([100, ...Array(511).fill(0.01)]);
    const decoded = decodeTemplate(encodeTemplate({ modelId: MODEL, vector }));
    expect(cosine(decoded.vector, vector)).toBeGreaterThan(0.99999);
  });

  test('every single-byte corruption is refused', () => {
    for (let at = 0; at < sample.length; at++) {
      for (let change = 1; change < 256; change++) {
        const corrupt = patched(sample, at, sample[at] ^ change, 1);
        expect(() => decodeTemplate(corrupt)).toThrow(FaceError);
      }
    }
  });

  test('every truncation and extension is refused', () => {
    for (let length = 0; length < sample.length; length++) {
      expect(() => decodeTemplate(sample.subarray(0, length))).toThrow(FaceError);
    }
    const longer = new Uint8Array(sample.length + 1);
    longer.set(sample);
    expect(() => decodeTemplate(longer)).toThrow(FaceError);
  });

  test('any bytes are read or refused with TEMPLATE_INVALID', () => {
    fc.assert(
      fc.property(fc.nat(19), fc.uint8Array({ maxLength: 100 }), (keep, tail) => {
        const bytes = new Uint8Array([...sample.subarray(0, keep), ...tail]);
        try {
          decodeTemplate(bytes);
        } catch (error) {
          if (!(error instanceof FaceError) || error.code !== 'TEMPLATE_INVALID') throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  const refusals: [string, Uint8Array, string][] = [
    ['no bytes', new Uint8Array(), 'template: truncated: magic needs 6 bytes'],
    ['a picture', new Uint8Array(40).fill(0xff), 'template: magic is not IDENTY'],
    ['version 2', patched(sample, 6, 0x0200, 2), 'template: version 2.0, only 1.0'],
    ['another kind', patched(sample, 8, 7, 1), 'template: kind 7 is unknown'],
    ['dimension 0', patched(sample, 17, 0, 2), 'template: dimension 0 is outside 1..4096'],
    ['a false dimension', patched(sample, 17, 1152, 2), 'template: 144 bytes for dimension 1152'],
    ['a damaged component', patched(sample, 30, sample[30] ^ 1, 1), 'checksum does not match'],
  ];
  for (const [name, bytes, message] of refusals) {
    test(`${name}: says what is wrong`, async () => {
      const error = await failure(() => decodeTemplate(bytes));
      expect(error.code).toBe('TEMPLATE_INVALID');
      expect(error.message).toContain(message);
    });
  }

  test('nothing but unit vectors with a model id is written', async () => {
    const refused = async (modelId: string, vector: Float32Array) =>
      (await failure(() => encodeTemplate({ modelId, vector }))).message;
    expect(await refused('X', unit([1]))).toContain('model id');
    expect(await refused(MODEL, new Float32Array())).toContain('dimension 0');
    expect(await refused(MODEL, new Float32Array([1, 1]))).toContain('unit length');
    expect(await refused(MODEL, new Float32Array([NaN, 1]))).toContain('unit length');
  });
});
