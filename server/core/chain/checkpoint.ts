/**
 * Signed checkpoints: from time to time the installation signs the newest hash of a chain, so that whoever
 * writes the chain anew needs its key as well.
 */
import { z } from 'zod';
import type { SigningKey } from '../keys/signing-key.ts';
import {
  type ChainName,
  CHAINS,
  type Checkpoint,
  type RecordStore,
  type StoredRecord,
} from '../store/record-store.ts';

/** `typ` of the JWS header. */
export const CHECKPOINT_TYPE = 'gatehouse-checkpoint+jwt';
/** `typ` of the statement with which a chain begins whose first records were deleted. */
export const START_TYPE = 'gatehouse-chain-start+jwt';

/** What is signed: of a checkpoint, about the record `seq`; of a start, about the last one deleted. */
export const CheckpointSchema = z.object({
  chain: z.enum(CHAINS),
  seq: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** RFC 3339. */
  signed_at: z.string(),
});

type Store = Pick<RecordStore, 'newest' | 'addCheckpoint' | 'checkpoints'>;

/** Signs the ends of both chains where they have grown. */
export class Checkpoints {
  readonly #store: Store;
  readonly #key: Pick<SigningKey, 'sign'>;
  readonly #nowMs: () => number;
  readonly #signed = new Map<ChainName, number>();

  constructor(store: Store, key: Pick<SigningKey, 'sign'>, nowMs: () => number) {
    this.#store = store;
    this.#key = key;
    this.#nowMs = nowMs;
  }

  /** @throws ServerError STORAGE_FAILED */
  async sign(): Promise<void> {
    for (const chain of CHAINS) {
      const end = await this.#store.newest(chain);
      if (end === undefined || end.seq === await this.#last(chain)) continue;
      const checkpoint = await signed(chain, end, CHECKPOINT_TYPE, this.#key, this.#nowMs());
      await this.#store.addCheckpoint(checkpoint);
      this.#signed.set(chain, end.seq);
    }
  }

  async #last(chain: ChainName): Promise<number | undefined> {
    return this.#signed.get(chain) ?? (await this.#store.checkpoints(chain)).at(-1)?.seq;
  }
}

/** Signs number and hash of a record. */
export async function signed(
  chain: ChainName,
  { seq, hash }: Pick<StoredRecord, 'seq' | 'hash'>,
  type: typeof CHECKPOINT_TYPE | typeof START_TYPE,
  key: Pick<SigningKey, 'sign'>,
  nowMs: number,
): Promise<Checkpoint> {
  const statement: z.output<typeof CheckpointSchema> = {
    chain,
    seq,
    hash,
    signed_at: new Date(nowMs).toISOString(),
  };
  return { chain, seq, jws: await key.sign(statement, type) };
}
