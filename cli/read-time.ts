/** The option that replaces the current time, for documents and lists of another day. */
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
