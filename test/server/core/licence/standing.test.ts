/** Where a licence stands: time, days of grace, volume, and clocks that go back. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Licence } from '../../../../server/core/licence/format.ts';
import {
  CLOCK_TOLERANCE_MS,
  periodOf,
  standingOf,
} from '../../../../server/core/licence/standing.ts';
import { claimsOf, DAY_S, ISSUED_S } from '../../support/licences.ts';

const DAY_MS = DAY_S * 1000;
const T0 = ISSUED_S * 1000;
const FRESH = { highestMs: 0, used: 0 };
const at = (nowMs: number, changes: Partial<Licence> = {}, usage = FRESH) =>
  standingOf(claimsOf(changes), nowMs, usage);

describe('by time', () => {
  test.each(
    [
      ['valid', 0, true, 30],
      ['valid', 30 * DAY_MS - 1, true, 30],
      ['grace', 30 * DAY_MS, true, 40],
      ['grace', 40 * DAY_MS - 1, true, 40],
      ['expired', 40 * DAY_MS, false, undefined],
    ] as const,
  )('%s after %d ms', (status, afterMs, answers, untilDay) => {
    expect(at(T0 + afterMs)).toMatchObject({ status, answers });
    expect(at(T0 + afterMs).untilMs).toBe(
      untilDay === undefined ? undefined : T0 + untilDay * DAY_MS,
    );
  });

  test('not before it begins', () => {
    const nbf = ISSUED_S + DAY_S;
    expect(at(T0 + DAY_MS - 1, { nbf })).toMatchObject({
      status: 'not-yet-valid',
      answers: false,
      untilMs: T0 + DAY_MS,
    });
    expect(at(T0 + DAY_MS, { nbf }).status).toBe('valid');
  });

  test('without grace it ends at its end', () => {
    expect(at(T0 + 30 * DAY_MS, { grace_days: 0 }).status).toBe('expired');
  });
});

describe('by volume', () => {
  const volume = { transactions: 100, per: 'licence', overage: 'refuse' } as const;
  const used = (n: number) => ({ highestMs: T0, used: n });

  test('refuses what is beyond it', () => {
    expect(at(T0, { volume }, used(99)).status).toBe('valid');
    expect(at(T0, { volume }, used(100))).toMatchObject({ status: 'volume-spent', answers: false });
  });

  test('or answers and says so', () => {
    const allowed = { volume: { ...volume, overage: 'allow' } } as const;
    expect(at(T0, allowed, used(100))).toMatchObject({ status: 'overage', answers: true });
    expect(at(T0 + 31 * DAY_MS, allowed, used(100)).status).toBe('grace');
  });

  test('counts by the months and years of UTC', () => {
    const last = Date.UTC(2026, 11, 31, 23, 59, 59, 999);
    expect(
      ['licence', 'month', 'year'].map((per) =>
        [last, last + 1].map((timeMs) =>
          periodOf({ ...volume, per: per as 'licence' | 'month' | 'year' }, timeMs)
        )
      ),
    ).toEqual([['-', '-'], ['2026-12', '2027-01'], ['2026', '2027']]);
    expect(periodOf(undefined, last)).toBe('-');
  });
});

describe('by the clock', () => {
  test('small steps back are nothing', () => {
    const usage = { highestMs: T0 + DAY_MS, used: 0 };
    expect(at(T0 + DAY_MS - CLOCK_TOLERANCE_MS, {}, usage).status).toBe('valid');
    expect(at(T0 + DAY_MS - CLOCK_TOLERANCE_MS - 1, {}, usage)).toMatchObject({
      status: 'clock-rolled-back',
      answers: false,
      untilMs: T0 + DAY_MS - CLOCK_TOLERANCE_MS,
    });
  });

  test('a clock before the licence was issued was set back', () => {
    expect(at(T0 - CLOCK_TOLERANCE_MS - 1).status).toBe('clock-rolled-back');
    expect(at(T0 - 1).status).toBe('not-yet-valid');
  });

  test('set back does not bring an expired licence back', () => {
    fc.assert(fc.property(
      fc.integer({ min: CLOCK_TOLERANCE_MS + 1, max: 40 * DAY_MS }),
      (backMs) => {
        const highestMs = T0 + 40 * DAY_MS;
        expect(at(highestMs - backMs, {}, { highestMs, used: 0 }).answers).toBe(false);
      },
    ));
  });
});

test('without a licence it is evaluation at any time', () => {
  fc.assert(fc.property(fc.nat(), fc.nat(), (nowMs, highestMs) => {
    expect(standingOf(undefined, nowMs, { highestMs, used: 1e9 })).toMatchObject({
      status: 'evaluation',
      answers: true,
    });
  }));
});
