/** How a record is tied to the one before it: its hash covers everything it says and the hash before. */
import type { ChainName, Draft, StoredRecord } from '../store/record-store.ts';

/** Stands before the first record. */
export const GENESIS: string = '0'.repeat(64);

/** Largest distance from 1970 that a Date can have, in milliseconds (ECMA-262, Time Values). */
const MAX_TIME_MS = 8.64e15;

/**
 * SHA-256 over chain, number, time, topic, body and previous hash, one a line. A record with a line feed in a
 * field, or a time that is none, has no hash.
 */
export function hashOf(
  chain: ChainName,
  { seq, timeMs, topic, body, previous }: Omit<StoredRecord, 'hash'>,
): string | undefined {
  const fields = [chain, seq, timeMs, topic, body, previous].map(String);
  if (fields.some((field) => field.includes('\n'))) return undefined;
  if (!(Math.abs(timeMs) <= MAX_TIME_MS)) return undefined;
  return new Bun.CryptoHasher('sha256').update(fields.join('\n')).digest('hex');
}

/**
 * Makes the record that follows.
 * @param end the last record of the chain
 * @param newest the last one of the draft's topic
 */
export function link(
  { chain, topic, make }: Draft,
  end: StoredRecord | undefined,
  newest: StoredRecord | undefined,
): StoredRecord {
  const record = {
    seq: (end?.seq ?? 0) + 1,
    topic,
    ...make(newest),
    previous: end?.hash ?? GENESIS,
  };
  const hash = hashOf(chain, record);
  if (hash === undefined) throw new TypeError(`${chain}: a record of more than one line`);
  return { ...record, hash };
}
