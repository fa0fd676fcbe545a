import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  fourierFeatures,
  type FourierKernel,
  readWeights,
  writeWeights,
} from '../../../biometrics/liveness/random-fourier.ts';
import { randomNumbers } from '../../../biometrics/random-numbers.ts';
import { seeded } from '../support/crowd.ts';

const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);

describe('fourierFeatures', () => {
  test('are the cosines, then the sines, of normally distributed projections', () => {
    const next = randomNumbers(7), gamma = 0.5;
    const [radius, angle] = [Math.sqrt(-2 * Math.log(1 - next())), 2 * Math.PI * next()];
    // Box and Muller: two independent numbers with variance 2 gamma = 1.
    const [first, second] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    const one = fourierFeatures({ seed: 7, gamma, count: 1 }, 2)([3, -1]);
    expect(one[0]).toBeCloseTo(Math.cos(3 * first - second), 12);
    expect(one[1]).toBeCloseTo(Math.sin(3 * first - second), 12);
    const two = fourierFeatures({ seed: 7, gamma, count: 2 }, 1)([3]);
    [Math.cos(3 * first), Math.cos(3 * second), Math.sin(3 * first), Math.sin(3 * second)]
      .forEach((value, i) => expect(two[i]).toBeCloseTo(value * Math.SQRT1_2, 12));
  });

  test('have products near the Gaussian kernel, nearer with more of them', () => {
    const size = 20, gamma = 0.03, next = seeded(5);
    const row = () => Array.from({ length: size }, () => 2 * next());
    const pairs = Array.from({ length: 40 }, () => [row(), row()]);
    const error = (count: number) => {
      const expand = fourierFeatures({ seed: 1, gamma, count }, size);
      const errors = pairs.map(([a, b]) => {
        const distance = a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0);
        return (product(expand(a), expand(b)) - Math.exp(-gamma * distance)) ** 2;
      });
      return Math.sqrt(errors.reduce((sum, v) => sum + v, 0) / errors.length);
    };
    expect(error(4096)).toBeLessThan(2 / Math.sqrt(4096));
    expect(error(64)).toBeGreaterThan(2 * error(4096));
  });

  test('of any row have length 1, and another seed gives others', () => {
    const kernel: FourierKernel = { seed: 3, gamma: 0.2, count: 50 };
    const expand = fourierFeatures(kernel, 4), again = fourierFeatures(kernel, 4);
    const other = fourierFeatures({ ...kernel, seed: 4 }, 4);
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(fc.property(fc.tuple(value, value, value, value), (row) => {
      expect(product(expand(row), expand(row))).toBeCloseTo(1, 12);
      expect(again(row)).toEqual(expand(row));
    }));
    expect(other([1, 0, 0, 0])).not.toEqual(expand([1, 0, 0, 0]));
  });
});

describe('weights in calibration files', () => {
  test('are float32 values, lowest byte first, in Base64', () => {
    expect(writeWeights([1, -2])).toBe('AACAPwAAAMA=');
    expect([...readWeights('AACAPwAAAMA=')]).toEqual([1, -2]);
    expect(() => readWeights('AACAPwAA')).toThrow(RangeError);
    expect(() => readWeights('?')).toThrow(SyntaxError);
  });

  test('come back as they were, to single precision', () => {
    fc.assert(fc.property(fc.float32Array({ noNaN: true, maxLength: 30 }), (weights) => {
      expect(readWeights(writeWeights(weights))).toEqual(Float64Array.from(weights));
    }));
  });
});
