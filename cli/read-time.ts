/** Times on the command line: the one that replaces the current time, and days. */
import { UsageError } from './command.ts';

/**
 * The time named, in UTC, or now.
 * @throws UsageError when it is no time
 */
export function readTime(value: string | undefined): Date {
  if (value === undefined) return new Date();
  const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/.test(value) ? new Date(value) : new Date(NaN);
  if (Number.isNaN(time.getTime())) {
    throw new UsageError(`--at ${value}: not a time such as 2024-06-01 or 2024-06-01T12:00:00Z`);
  }
  return time;
}

/**
 * The beginning of a day of UTC, in milliseconds since 1970.
 * @throws UsageError when it is no day
 */
export function readDay(option: string, value: string): number {
  const timeMs = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : NaN;
  // 30 February is no day, whatever a parser makes of it
  const same = !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(value);
  if (same) return timeMs;
  throw new UsageError(`${option} ${value}: not a day such as 2026-11-30`);
}
