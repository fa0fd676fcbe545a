/**
 * Nonces of the one node there is, in the file of its records, so that a restart forgets none. Not flushed
 * one by one: what a power cut may lose is older than what can be sent again when the machine is back.
 */
import { attempt } from '../store/attempt.ts';
import { Database, type Statement } from 'bun:sqlite';
import type { ReplayGuard } from './replay-guard.ts';

/** Envelopes are taken for up to four minutes after their first use; the rest is for a clock that is set. */
const KEEP_MS = 600_000;
const PRUNE_MS = 60_000;
/** For a command that writes beside the server; its transactions take milliseconds. */
const BUSY_TIMEOUT_MS = 5000;

/** A table that older programs do not know and leave alone. */
const TABLE = `
  CREATE TABLE IF NOT EXISTS nonce (
    nonce BLOB PRIMARY KEY,
    until_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`;

export class FileNonces implements ReplayGuard {
  readonly #database: Database;
  readonly #insert: Statement<unknown, [Uint8Array, number]>;
  readonly #pruning: ReturnType<typeof setInterval>;
  #size = 0;

  private constructor(database: Database) {
    this.#database = database;
    database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.run('PRAGMA synchronous = NORMAL');
    database.run(TABLE);
    this.#insert = database.query('INSERT OR IGNORE INTO nonce VALUES (?, ?)');
    this.prune(Date.now());
    this.#pruning = setInterval(() => {
      // a full disk is told of by those who write
      try {
        this.prune(Date.now());
      } catch { /* the next minute tries again */ }
    }, PRUNE_MS);
    this.#pruning.unref();
  }

  /**
   * @param path of the records, whose file is there
   * @throws ServerError STORAGE_FAILED
   */
  static open(path: string): FileNonces {
    return attempt('nonces', () => {
      const database = new Database(path, { strict: true, create: false, readwrite: true });
      try {
        return new FileNonces(database);
      } catch (error) {
        database.close();
        throw error;
      }
    });
  }

  /** When it was last pruned, and what came since. */
  get size(): number {
    return this.#size;
  }

  /** @throws ServerError STORAGE_FAILED */
  take(nonce: Uint8Array, nowMs: number): boolean {
    const first = attempt('nonces', () => this.#insert.run(nonce, nowMs + KEEP_MS).changes === 1);
    if (first) this.#size++;
    return first;
  }

  /** Forgets what nobody can send again. */
  prune(nowMs: number): void {
    this.#database.query('DELETE FROM nonce WHERE until_ms <= ?').run(nowMs);
    const count = this.#database.query<{ n: number }, []>('SELECT count(*) AS n FROM nonce');
    this.#size = count.get()?.n ?? 0;
  }

  close(): void {
    clearInterval(this.#pruning);
    this.#database.close();
  }
}
