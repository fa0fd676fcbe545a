/** Quantiles of a histogram: inside the bucket that they lie in, and never decreasing. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { quantile } from '../../../server/console/quantile.ts';

const BOUNDS = [0.1, 0.5, 1];

describe('a quantile', () => {
  test('is linear inside its bucket', () => {
    expect(quantile(BOUNDS, [0, 10, 0, 0], 0.5)).toBeCloseTo(0.3);
    expect(quantile(BOUNDS, [10, 10, 0, 0], 0.5)).toBeCloseTo(0.1);
    expect(quantile(BOUNDS, [1, 0, 99, 0], 0.99)).toBeCloseTo(0.5 + 0.5 * 98 / 99);
  });

  test('above the last bound is the last bound', () => {
    expect(quantile(BOUNDS, [0, 0, 0, 5], 0.5)).toBe(1);
  });

  test('of nothing is none', () => {
    expect(quantile(BOUNDS, [0, 0, 0, 0], 0.5)).toBeUndefined();
  });

  test('lies in a bucket that has values, and grows with its share', () => {
    const counts = fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 })
      .filter((all) => all.some((count) => count > 0));
    const share = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(fc.property(counts, share, share, (all, a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
        .map((one) => quantile(BOUNDS, all, one) ?? NaN);
      expect(low).toBeLessThanOrEqual(high);
      const ends = [0, ...BOUNDS, BOUNDS[2]];
      const inside = all.some((count, i) =>
        count > 0 && high >= ends[i] - 1e-9 && high <= ends[i + 1] + 1e-9
      );
      expect(inside).toBe(true);
    }));
  });
});
