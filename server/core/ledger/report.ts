/**
 * The report of a ledger for reconciliation with the vendor: how many transactions of each kind on each day,
 * and which rows of the chain that is, so that reports can be held against each other.
 */
import { z } from 'zod';
import { walkStored } from '../chain/walk.ts';
import { DAY_MS } from '../day.ts';
import type { KeySet } from '../keys/key-set.ts';
import type { RecordStore } from '../store/record-store.ts';
import { HEARTBEAT, rowOf } from './ledger.ts';

/** `typ` of the JWS header. */
export const REPORT_TYPE = 'gatehouse-ledger-report+jwt';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/);

/** What is signed. */
export const ReportSchema = z.object({
  iss: z.literal('gatehouse'),
  iat: z.int(),
  /** First and last day, of UTC. */
  from: Day,
  to: Day,
  total: z.int(),
  transactions: z.array(z.object({
    licence: z.string(),
    action: z.string(),
    day: Day,
    count: z.int(),
  })),
  /** The first row in the time and the hash before it; the next report begins where the last one ends. */
  first: z.object({ seq: z.int(), time: z.string(), previous: Hash }).nullable(),
  last: z.object({ seq: z.int(), time: z.string(), hash: Hash }).nullable(),
  /** The whole ledger when the report was made. What comes after a broken row is not counted. */
  chain: z.object({
    intact: z.boolean(),
    records: z.int(),
    last_hash: Hash,
    signed_to: z.int(),
    broken: z.object({ seq: z.int(), reason: z.string() }).nullable(),
  }),
});
export type LedgerReport = z.output<typeof ReportSchema>;

/**
 * @param days first and last one, `2026-11-01`
 * @throws ServerError STORAGE_FAILED
 */
export async function makeReport(
  store: Pick<RecordStore, 'read' | 'checkpoints'>,
  keys: KeySet,
  days: { readonly from: string; readonly to: string },
  nowMs: number,
): Promise<LedgerReport> {
  const { from, to } = days;
  const [fromMs, endMs] = [Date.parse(from), Date.parse(to) + DAY_MS];
  const counts = new Map<string, LedgerReport['transactions'][number]>();
  let first: LedgerReport['first'] = null;
  let last: LedgerReport['last'] = null;
  let total = 0;
  const walk = await walkStored(store, 'ledger', keys, (record) => {
    const { seq, timeMs, topic: licence, previous, hash } = record;
    if (timeMs < fromMs || timeMs >= endMs) return;
    const time = new Date(timeMs).toISOString();
    first ??= { seq, time, previous };
    last = { seq, time, hash };
    const action = rowOf(record)?.action ?? 'unreadable';
    if (action === HEARTBEAT) return;
    const day = time.slice(0, 10);
    const key = `${licence} ${day} ${action}`;
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { licence, action, day, count });
    total++;
  });
  return {
    iss: 'gatehouse',
    iat: Math.floor(nowMs / 1000),
    from,
    to,
    total,
    transactions: [...counts].sort(([a], [b]) => a < b ? -1 : 1).map(([, count]) => count),
    first,
    last,
    chain: {
      intact: walk.intact,
      records: walk.records,
      last_hash: walk.lastHash,
      signed_to: walk.signedTo,
      broken: walk.broken ?? null,
    },
  };
}
