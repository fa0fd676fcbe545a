import { expect, test } from 'bun:test';
import { randomNumbers } from '../../../biometrics/random-numbers.ts';
import { fitQuality, type WeightedPair } from '../../../biometrics/evaluate/fit-quality.ts';
import { unifiedScore } from '../../../biometrics/quality/unified-score.ts';

const random = randomNumbers(3);
/** Pictures with one input that decides, one that does not, two pictures a person. */
const pictures = Array.from({ length: 2000 }, () => ({ good: random(), idle: 50 * random() }));
const pairs: WeightedPair[] = Array.from({ length: 1000 }, (_, i) => ({
  a: 2 * i,
  b: 2 * i + 1,
  similarity: 0.8 + 0.05 * (pictures[2 * i].good + pictures[2 * i + 1].good) +
    0.02 * (random() - 0.5),
  identity: `person ${i}`,
  weight: 1,
}));
const model = fitQuality(pictures, pairs, {
  names: ['good', 'idle'],
  impostorMean: 0.75,
  cap: 1,
});

test('finds which input decides, and how much', () => {
  const [good, idle] = model.inputs;
  expect(good.name).toBe('good');
  expect(good.weight).toBeCloseTo(0.05, 2);
  expect(Math.abs(idle.weight * 50)).toBeLessThan(good.weight / 5);
});

test('the score rises with what decides, from 0 to 100', () => {
  const score = (good: number) => unifiedScore(model, { good, idle: 25 });
  expect(score(0.2)).toBeLessThan(score(0.5));
  expect(score(0.5)).toBeLessThan(score(0.9));
  expect(score(1)).toBeGreaterThan(97);
  expect(score(-10)).toBeGreaterThanOrEqual(0);
  expect(score(10)).toBeLessThanOrEqual(100);
});

test('says which input is missing', () => {
  expect(() => unifiedScore(model, { good: 1 })).toThrow(
    'quality calibration: no value of "idle"',
  );
});
