/** Rates and the buckets that keep them, on a clock of the test. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Rate, readRate, TokenBuckets } from '../../../../server/core/access/rate.ts';

const rate = (text: string): Rate => readRate(text)!;

describe('a rate as text', () => {
  test('is calls in a second, a minute or an hour', () => {
    expect(rate('50/s')).toEqual({ text: '50/s', calls: 50, perMs: 1000 });
    expect(rate('600/min')).toMatchObject({ calls: 600, perMs: 60_000 });
    expect(rate('1000000/h')).toMatchObject({ calls: 1_000_000, perMs: 3_600_000 });
  });

  test('is nothing else', () => {
    for (
      const text of ['', '5', '/s', '0/s', '-1/s', '1.5/s', '5/d', '1000001/s', ' 5/s', '5/s\n']
    ) {
      expect([text, readRate(text)]).toEqual([text, undefined]);
    }
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (junk) => {
      const read = readRate(junk);
      if (read !== undefined) expect(junk).toMatch(/^\d+\/(s|min|h)$/);
    }));
  });
});

describe('a bucket', () => {
  test('gives as many calls at once as the rate has, then says how long to wait', () => {
    const buckets = new TokenBuckets();
    for (let i = 0; i < 5; i++) expect(buckets.take('a', rate('5/s'), 1000)).toBe(0);
    expect(buckets.take('a', rate('5/s'), 1000)).toBe(200);
    expect(buckets.take('a', rate('5/s'), 1100)).toBe(100);
    expect(buckets.take('a', rate('5/s'), 1200)).toBe(0);
  });

  test('never gives more in any time than its burst and its rate allow', () => {
    const gaps = fc.array(fc.nat(400), { minLength: 1, maxLength: 300 });
    fc.assert(fc.property(gaps, (gaps) => {
      const buckets = new TokenBuckets();
      let nowMs = 0, given = 0;
      for (const gap of gaps) {
        nowMs += gap;
        if (buckets.take('a', rate('10/s'), nowMs) === 0) given++;
      }
      expect(given).toBeLessThanOrEqual(10 + nowMs / 100 + 1e-6);
    }));
  });

  test('is each client its own', () => {
    const buckets = new TokenBuckets();
    expect(buckets.take('a', rate('1/h'), 0)).toBe(0);
    expect(buckets.take('b', rate('1/h'), 0)).toBe(0);
    expect(buckets.take('a', rate('1/h'), 0)).toBe(3_600_000);
  });

  test('of the client that has been quiet longest is forgotten when there are too many', () => {
    const buckets = new TokenBuckets(3);
    for (const client of ['a', 'b', 'c', 'a', 'd']) buckets.take(client, rate('2/h'), 0);
    expect(buckets.size).toBe(3);
    expect(buckets.take('a', rate('2/h'), 0)).toBeGreaterThan(0);
  });
});
