/** Reads what a key is made of from options of the command line. */
import { type Rate, readRate } from '../../server/core/access/rate.ts';
import { isScope, type Scope, SCOPE_NAMES } from '../../server/core/access/scopes.ts';
import { DAY_MS } from '../../server/core/day.ts';
import { UsageError } from '../command.ts';

/** @throws UsageError */
export function readScopes(text: string): Scope[] {
  const words = text.split(',').map((word) => word.trim()).filter(Boolean);
  const scopes = words.filter(isScope);
  if (scopes.length === 0 || scopes.length < words.length) {
    throw new UsageError(`--scopes must be of ${SCOPE_NAMES.join(', ')}, separated by commas`);
  }
  return [...new Set(scopes)];
}

/** @throws UsageError */
export function readRateOption(text: string): Rate {
  const rate = readRate(text);
  if (rate !== undefined) return rate;
  throw new UsageError('--rate must be calls in a time, such as 50/s, 600/min or 10000/h');
}

/**
 * The beginning of a day in UTC, or a time.
 * @returns milliseconds since 1970
 * @throws UsageError also for what is past
 */
export function readExpiry(text: string, nowMs: number): number {
  const known = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/.test(text);
  const atMs = known ? new Date(text).getTime() : NaN;
  if (Number.isNaN(atMs)) {
    throw new UsageError('--expires must be a time such as 2027-06-01 or 2027-06-01T12:00:00Z');
  }
  if (atMs <= nowMs) throw new UsageError('--expires must be in the future');
  return atMs;
}

const UNITS_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
};

/** @returns milliseconds @throws UsageError */
export function readDuration(option: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (text === '0') return 0;
  if (digits === '') throw new UsageError(`${option} must be a time such as 30m, 12h or 7d`);
  return Number(digits) * UNITS_MS[unit];
}
