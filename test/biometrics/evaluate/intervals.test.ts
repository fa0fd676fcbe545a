import { describe, expect, test } from 'bun:test';
import { clopperPearson } from '../../../biometrics/evaluate/mod.ts';

describe('clopperPearson', () => {
  // Values of R's binom.test(x, n)$conf.int, rounded to five places.
  test.each([
    [0, 10, 0, 0.3085],
    [1, 20, 0.00127, 0.24873],
    [5, 50, 0.03328, 0.21814],
    [10, 100, 0.04901, 0.17622],
    [50, 100, 0.39832, 0.60168],
    [10, 10, 0.6915, 1],
  ])('%d of %d is %d to %d', (events, trials, low, high) => {
    const interval = clopperPearson(events, trials);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  test('without errors the upper end is 1 - (alpha/2)^(1/n)', () => {
    for (const n of [1, 3, 30, 598, 3000, 100_000]) {
      expect(clopperPearson(0, n)[1]).toBeCloseTo(1 - 0.025 ** (1 / n), 9);
      expect(clopperPearson(n, n)[0]).toBeCloseTo(0.025 ** (1 / n), 9);
    }
  });

  test('with 90 % confidence the upper end keeps to the rule of three', () => {
    for (const n of [100, 1000, 10_000]) {
      expect(n * clopperPearson(0, n, 0.9)[1]).toBeWithin(2.9, 3.01);
    }
  });

  test('contains the share, mirrors, and nothing is known without trials', () => {
    for (const [events, trials] of [[3, 17], [250, 1000], [999, 1000]]) {
      const [low, high] = clopperPearson(events, trials);
      const [mirrorLow, mirrorHigh] = clopperPearson(trials - events, trials);
      expect(low).toBeLessThan(events / trials);
      expect(high).toBeGreaterThan(events / trials);
      expect(1 - mirrorHigh).toBeCloseTo(low, 9);
      expect(1 - mirrorLow).toBeCloseTo(high, 9);
    }
    expect(clopperPearson(0, 0)).toEqual([0, 1]);
  });
});
