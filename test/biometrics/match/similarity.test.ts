import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { dotProduct, similarity } from '../../../biometrics/match/similarity.ts';
import { FaceError } from '../../../biometrics/errors.ts';

const template = (modelId: string, vector: number[]) => ({
  modelId,
  vector: Float32Array.from(vector),
});
const A = '0123456789abcdef', B = 'fedcba9876543210';

describe('similarity', () => {
  test('is the dot product of two templates of one model', () => {
    expect(similarity(template(A, [0.6, 0.8]), template(A, [1, 0]))).toBeCloseTo(0.6, 6);
    expect(similarity(template(A, [0.6, 0.8]), template(A, [-0.6, -0.8]))).toBeCloseTo(-1, 6);
  });

  test('refuses templates of different models or lengths', () => {
    for (const other of [template(B, [1, 0]), template(A, [1, 0, 0])]) {
      const attempt = () => similarity(template(A, [1, 0]), other);
      expect(attempt).toThrow(FaceError);
      expect(attempt).toThrow(`templates of models ${A} and ${other.modelId} cannot be compared`);
    }
  });
});

describe('dotProduct', () => {
  test('sums every product, whatever the length', () => {
    const value = fc.integer({ min: -100, max: 100 });
    fc.assert(fc.property(fc.array(fc.tuple(value, value), { maxLength: 70 }), (pairs) => {
      const wanted = pairs.reduce((sum, [a, b]) => sum + a * b, 0);
      const [a, b] = [0, 1].map((k) => Float32Array.from(pairs, (pair) => pair[k]));
      expect(dotProduct(a, b)).toBe(wanted);
    }));
  });
});
