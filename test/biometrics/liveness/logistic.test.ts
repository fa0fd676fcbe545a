import { describe, expect, test } from 'bun:test';
import { logOdds } from '../../../biometrics/liveness/logistic.ts';
import { fourierFeatures, writeWeights } from '../../../biometrics/liveness/random-fourier.ts';

const detector = { id: 'one', weight: 1 };

describe('logOdds', () => {
  test('of a logistic model weighs standardised values and their squares', () => {
    const features = [{ name: 'a', mean: 2, scale: 4, linear: 1, square: 0.5 }];
    const model = { ...detector, bias: 0.25, features };
    // (10 - 2) / 4 = 2
    expect(logOdds(model, [10])).toBeCloseTo(0.25 + 2 + 0.5 * 3, 12);
    // held at 3, and the sum at 6
    expect(logOdds(model, [1e9])).toBe(6);
    expect(logOdds({ ...model, bias: -5 }, [1e9])).toBeCloseTo(-5 + 3 + 0.5 * 8, 12);
  });

  test('of random Fourier features weighs those of standardised values', () => {
    const features = [{ name: 'a', mean: 2, scale: 4 }, { name: 'b', mean: 0, scale: 1 }];
    const kernel = { seed: 9, gamma: 0.1, count: 2 }, weights = [0.5, -1, 2, 0.25];
    const model = {
      ...detector,
      model: 'random-fourier' as const,
      features,
      ...kernel,
      weights: writeWeights(weights),
      bias: 0.125,
    };
    const [a, b, c, d] = fourierFeatures(kernel, 2)([2, -3]);
    const expected = 0.125 + 0.5 * a - b + 2 * c + 0.25 * d;
    expect(logOdds(model, [10, -100])).toBeCloseTo(expected, 12);
    // the second time with what the first prepared
    expect(logOdds(model, [10, -100])).toBe(logOdds(model, [10, -100]));
    expect(logOdds({ ...model, bias: -50 }, [10, -100])).toBe(-6);
  });
});
