/**
 * Deletes records of the audit trail that are older than they are to be kept. The trail says so first, and
 * what is left begins with a statement that the installation has signed, so that it can be checked without
 * what was deleted, and nobody else can take its beginning away unseen.
 */
import { signed, START_TYPE } from '../chain/checkpoint.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import type { RecordStore, StoredRecord } from '../store/record-store.ts';
import type { Audit } from './audit.ts';

/** Deleted in one transaction, which takes some milliseconds. */
const BATCH = 2000;
/** Requests come in between. */
const PAUSE_MS = 50;

export interface PruneDeps {
  readonly store: Pick<RecordStore, 'read' | 'prune'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly key: Pick<SigningKey, 'sign'>;
  readonly nowMs: () => number;
}

/**
 * Deletes records from before a time, from the first one on up to one that is not.
 * @param beforeMs milliseconds since 1970
 * @returns how many
 * @throws ServerError STORAGE_FAILED
 */
export async function pruneAudit(deps: PruneDeps, beforeMs: number): Promise<number> {
  const { store, audit, key, nowMs } = deps;
  const ends: StoredRecord[] = [];
  let count = 0, last: StoredRecord | undefined;
  for await (const record of store.read('audit')) {
    if (record.timeMs >= beforeMs) break;
    if (++count % BATCH === 0) ends.push(record);
    last = record;
  }
  if (last === undefined) return 0;
  if (ends.at(-1) !== last) ends.push(last);
  const before = new Date(beforeMs).toISOString();
  await audit.record({ kind: 'audit-pruned', before, to: last.seq });
  for (const end of ends) {
    await store.prune(await signed('audit', end, START_TYPE, key, nowMs()));
    await Bun.sleep(PAUSE_MS);
  }
  return count;
}
