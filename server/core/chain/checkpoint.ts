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
} from '../store/record-store.ts';

/** `typ` of the JWS header. */
export const CHECKPOINT_TYPE = 'gatehouse-checkpoint+jwt';

/** What is signed. */
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
      const { seq, hash } = end;
      const statement: z.output<typeof CheckpointSchema> = {
        chain,
        seq,
        hash,
        signed_at: new Date(this.#nowMs()).toISOString(),
      };
      const jws = await this.#key.sign(statement, CHECKPOINT_TYPE);
      await this.#store.addCheckpoint({ chain, seq, jws } satisfies Checkpoint);
      this.#signed.set(chain, seq);
    }
  }

  async #last(chain: ChainName): Promise<number | undefined> {
    return this.#signed.get(chain) ?? (await this.#store.checkpoints(chain)).at(-1)?.seq;
  }
}
