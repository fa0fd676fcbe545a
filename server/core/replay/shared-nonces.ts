/**
 * Nonces in the database of several nodes, so that what one of them has opened no other opens again. Those of
 * one moment go in one statement, as appends do.
 */
import type { Postgres } from '../database/postgres.ts';
import type { ReplayGuard } from './replay-guard.ts';

/**
 * By the clock of the database. Envelopes are taken for up to four minutes after their first use; the rest is
 * for clocks of nodes that are apart.
 */
const KEEP = "interval '10 minutes'";
const PRUNE_MS = 60_000;

interface Waiting {
  readonly nonce: string;
  readonly taken: (first: boolean) => void;
  readonly failed: (error: unknown) => void;
}

export class SharedNonces implements ReplayGuard {
  readonly #database: Pick<Postgres, 'query'>;
  readonly #pruning: ReturnType<typeof setInterval>;
  #size = 0;
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(database: Pick<Postgres, 'query'>) {
    this.#database = database;
    // a database that is gone is told of elsewhere
    this.#pruning = setInterval(() => void this.prune().catch(() => {}), PRUNE_MS);
    this.#pruning.unref();
  }

  /** Of all nodes, when it was last pruned. */
  get size(): number {
    return this.#size;
  }

  take(nonce: Uint8Array): Promise<boolean> {
    return new Promise((taken, failed) => {
      this.#waiting.push({ nonce: nonce.toHex(), taken, failed });
      if (this.#busy) return;
      this.#busy = true;
      setImmediate(() => void this.#flush());
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      const fresh = await this.#insert(batch.map(({ nonce }) => nonce));
      // of several requests with one nonce the first one has it
      for (const { nonce, taken } of batch) taken(fresh.delete(nonce));
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
    this.#busy = this.#waiting.length > 0;
    if (this.#busy) setImmediate(() => void this.#flush());
  }

  /** @returns those that were not there; all nodes insert in one order, so that none waits for another in a circle */
  async #insert(nonces: readonly string[]): Promise<Set<string>> {
    const rows = await this.#database.query<{ nonce: string }>(
      `INSERT INTO nonce SELECT decode(hex, 'hex'), now() + ${KEEP}
        FROM unnest(string_to_array($1, ',')) AS hex
        ON CONFLICT DO NOTHING RETURNING encode(nonce, 'hex') AS nonce`,
      [[...new Set(nonces)].sort().join()],
    );
    return new Set(rows.map(({ nonce }) => nonce));
  }

  /** Forgets what is too old to be used again. @throws ServerError STORAGE_FAILED */
  async prune(): Promise<void> {
    await this.#database.query('DELETE FROM nonce WHERE expires < now()');
    const [{ count }] = await this.#database.query<{ count: number }>(
      'SELECT count(*) AS count FROM nonce',
    );
    this.#size = count;
  }

  close(): void {
    clearInterval(this.#pruning);
  }
}
