/** Lock-out of sources that keep failing, on a clock of the test. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Lockout, type LockoutRules } from '../../../../server/core/access/lockout.ts';

const RULES: LockoutRules = {
  failures: 3,
  memoryMs: 60_000,
  firstLockMs: 1000,
  longestLockMs: 4000,
  maxSources: 3,
};

function failures(lockout: Lockout, source: string, count: number, nowMs = 0): number {
  let lockMs = 0;
  for (let i = 0; i < count; i++) lockMs = lockout.failed(source, nowMs);
  return lockMs;
}

describe('a source that fails', () => {
  test('is locked at the limit and not before', () => {
    const lockout = new Lockout(RULES);
    expect(failures(lockout, 'a', 2)).toBe(0);
    expect(lockout.remainingMs('a', 0)).toBe(0);
    expect(failures(lockout, 'a', 1)).toBe(1000);
    expect(lockout.remainingMs('a', 400)).toBe(600);
    expect(lockout.remainingMs('a', 1000)).toBe(0);
    expect(lockout.remainingMs('b', 0)).toBe(0);
  });

  test('is locked for twice as long each time, up to the longest lock', () => {
    const lockout = new Lockout(RULES);
    const locks = [0, 2000, 5000, 10_000, 15_000].map((at) => failures(lockout, 'a', 3, at));
    expect(locks).toEqual([1000, 2000, 4000, 4000, 4000]);
  });

  test('starts anew when it was quiet for long', () => {
    const lockout = new Lockout(RULES);
    failures(lockout, 'a', 2, 0);
    expect(failures(lockout, 'a', 2, 60_001)).toBe(0);
    expect(failures(lockout, 'a', 1, 60_001)).toBe(1000);
    expect(failures(lockout, 'a', 3, 200_000)).toBe(1000);
  });

  test('is forgotten when it succeeds', () => {
    const lockout = new Lockout(RULES);
    failures(lockout, 'a', 2);
    lockout.succeeded('a');
    expect(failures(lockout, 'a', 2)).toBe(0);
  });
});

test('the table stays bounded under a flood of sources', () => {
  fc.assert(fc.property(fc.array(fc.string(), { maxLength: 50 }), (sources) => {
    const lockout = new Lockout(RULES);
    for (const source of sources) {
      lockout.failed(source, 0);
      expect(lockout.size).toBeLessThanOrEqual(RULES.maxSources);
    }
  }));
});
