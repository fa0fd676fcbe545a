/**
 * Walks a chain from its first record to its last and says whether anything was changed, taken out or cut off.
 * A chain whose first records were deleted begins with a statement of that, signed by the installation.
 */
import type { KeySet } from '../keys/key-set.ts';
import type { ChainName, Checkpoint, RecordStore, StoredRecord } from '../store/record-store.ts';
import { CHECKPOINT_TYPE, CheckpointSchema, START_TYPE } from './checkpoint.ts';
import { GENESIS, hashOf } from './link.ts';

export interface Walk {
  readonly chain: ChainName;
  readonly intact: boolean;
  /** The last record that the installation has deleted, as it has signed; 0 for none. */
  readonly prunedTo: number;
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
 * @param visit is given each record that is good so far; of a chain that records are deleted from meanwhile,
 *   it may be given some twice
 * @throws ServerError STORAGE_FAILED
 */
export async function walkStored(
  store: Pick<RecordStore, 'read' | 'checkpoints'>,
  chain: ChainName,
  keys: KeySet,
  visit?: (record: StoredRecord) => void,
): Promise<Walk> {
  for (;;) {
    // first, so that the records of a running server are not behind them
    const checkpoints = await store.checkpoints(chain);
    const walk = await walkChain(chain, store.read(chain), checkpoints, keys, visit);
    if (walk.intact) return walk;
    // a running server may have deleted records under our feet
    const [first] = await store.checkpoints(chain);
    if (first?.jws === checkpoints[0]?.jws) return walk;
  }
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
  const walk = {
    chain,
    intact: true,
    prunedTo: 0,
    records: 0,
    lastHash: GENESIS,
    checkpoints: 0,
    signedTo: 0,
  };
  const broken = (seq: number, reason: string): Walk => ({
    ...walk,
    intact: false,
    broken: { seq, reason },
  });
  const next = (): number => walk.prunedTo + walk.records + 1;
  for await (const record of records) {
    const { seq, hash } = record;
    const start = walk.records === 0 ? bySeq.get(seq - 1) : undefined;
    if (start !== undefined) {
      const before = await hashSignedIn(start, START_TYPE, keys);
      if ('flaw' in before) return broken(1, `deleted up to ${seq - 1}, and that ${before.flaw}`);
      walk.prunedTo = seq - 1;
      walk.lastHash = before.hash;
      walk.signedTo = seq - 1;
      bySeq.delete(seq - 1);
    }
    const reason = flawOf(chain, record, next(), walk.lastHash);
    if (reason !== undefined) return broken(next(), reason);
    const checkpoint = bySeq.get(seq);
    if (checkpoint !== undefined) {
      const flaw = await flawOfCheckpoint(checkpoint, hash, keys);
      if (flaw !== undefined) return broken(seq, flaw);
      walk.checkpoints++;
      walk.signedTo = seq;
      bySeq.delete(seq);
    }
    walk.records++;
    walk.lastHash = hash;
    visit(record);
  }
  if (bySeq.size > 0) {
    const reason = `missing: checkpoint at record ${Math.max(...bySeq.keys())}`;
    return broken(next(), reason);
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
  checkpoint: Checkpoint,
  hash: string,
  keys: KeySet,
): Promise<string | undefined> {
  const signed = await hashSignedIn(checkpoint, CHECKPOINT_TYPE, keys);
  if ('flaw' in signed) return `the checkpoint at this record ${signed.flaw}`;
  return signed.hash === hash
    ? undefined
    : 'written anew: its checkpoint was signed over another hash';
}

/** The hash that a statement about its record is signed over, or what is wrong with the statement. */
async function hashSignedIn(
  { chain, seq, jws }: Checkpoint,
  type: string,
  keys: KeySet,
): Promise<{ hash: string } | { flaw: string }> {
  const check = await keys.check(jws, type);
  if (!check.ok) return { flaw: `does not hold: ${check.reason}` };
  const statement = CheckpointSchema.safeParse(check.payload);
  const same = statement.success && statement.data.chain === chain && statement.data.seq === seq;
  return same ? { hash: statement.data.hash } : { flaw: 'is one of another record' };
}
