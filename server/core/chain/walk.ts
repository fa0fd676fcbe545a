/** Walks a chain from its first record to its last and says whether anything was changed, taken out or cut off. */
import type { KeySet } from '../keys/key-set.ts';
import type { ChainName, Checkpoint, RecordStore, StoredRecord } from '../store/record-store.ts';
import { CHECKPOINT_TYPE, CheckpointSchema } from './checkpoint.ts';
import { GENESIS, hashOf } from './link.ts';

export interface Walk {
  readonly chain: ChainName;
  readonly intact: boolean;
  /** Records that were walked before the first that is wrong. */
  readonly records: number;
  /** The last of them; zeros when there is none. */
  readonly lastHash: string;
  /** Good signatures on the way. */
  readonly checkpoints: number;
  /** The last record that a good signature covers, by itself or by one after it; 0 for none. */
  readonly signedTo: number;
  /** The first record that is wrong, and how. */
  readonly broken?: { readonly seq: number; readonly reason: string };
}

/**
 * Walks the chain of a store.
 * @param keys that checkpoints may be signed with
 * @param visit is given each record that is good so far
 * @throws ServerError STORAGE_FAILED
 */
export async function walkStored(
  store: Pick<RecordStore, 'read' | 'checkpoints'>,
  chain: ChainName,
  keys: KeySet,
  visit?: (record: StoredRecord) => void,
): Promise<Walk> {
  // first, so that the records of a running server are not behind them
  const checkpoints = await store.checkpoints(chain);
  return await walkChain(chain, store.read(chain), checkpoints, keys, visit);
}

/**
 * @param records in the order in which they are stored
 * @param checkpoints of this chain
 * @param keys that checkpoints may be signed with
 * @param visit is given each record that is good so far
 */
export async function walkChain(
  chain: ChainName,
  records: AsyncIterable<StoredRecord>,
  checkpoints: readonly Checkpoint[],
  keys: KeySet,
  visit: (record: StoredRecord) => void = () => {},
): Promise<Walk> {
  const bySeq = new Map(checkpoints.map((checkpoint) => [checkpoint.seq, checkpoint]));
  const walk = { chain, intact: true, records: 0, lastHash: GENESIS, checkpoints: 0, signedTo: 0 };
  const broken = (seq: number, reason: string): Walk => ({
    ...walk,
    intact: false,
    broken: { seq, reason },
  });
  for await (const record of records) {
    const reason = flawOf(chain, record, walk.records + 1, walk.lastHash);
    if (reason !== undefined) return broken(walk.records + 1, reason);
    const { seq, hash } = record;
    const checkpoint = bySeq.get(seq);
    if (checkpoint !== undefined) {
      const flaw = await flawOfCheckpoint(checkpoint, hash, keys);
      if (flaw !== undefined) return broken(seq, flaw);
      walk.checkpoints++;
      walk.signedTo = seq;
      bySeq.delete(seq);
    }
    walk.records = seq;
    walk.lastHash = hash;
    visit(record);
  }
  if (bySeq.size > 0) {
    const reason = `missing: checkpoint at record ${Math.max(...bySeq.keys())}`;
    return broken(walk.records + 1, reason);
  }
  return walk;
}

/** What is wrong with a record that should be number `seq` and follow a hash; undefined when nothing is. */
export function flawOf(
  chain: ChainName,
  record: StoredRecord,
  seq: number,
  previous: string,
): string | undefined {
  if (record.seq !== seq) return `missing: the next one is ${record.seq}`;
  if (record.previous !== previous) return 'does not follow the record before it';
  if (record.hash !== hashOf(chain, record)) return 'changed: its hash does not hold';
  return undefined;
}

async function flawOfCheckpoint(
  { chain, seq, jws }: Checkpoint,
  hash: string,
  keys: KeySet,
): Promise<string | undefined> {
  const check = await keys.check(jws, CHECKPOINT_TYPE);
  if (!check.ok) return `the checkpoint at this record does not hold: ${check.reason}`;
  const statement = CheckpointSchema.safeParse(check.payload);
  const same = statement.success && statement.data.chain === chain && statement.data.seq === seq;
  if (!same) return 'the checkpoint at this record is one of another record';
  if (statement.data.hash !== hash) {
    return 'written anew: its checkpoint was signed over another hash';
  }
  return undefined;
}
