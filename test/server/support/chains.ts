/** Chains for tests: drafts, stores in files, a disk that is full, and a hand that changes what only grows. */
import { Database } from 'bun:sqlite';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerError } from '../../../server/core/errors.ts';
import {
  type ChainName,
  CHAINS,
  type Draft,
  type RecordStore,
  type StoredRecord,
} from '../../../server/core/store/record-store.ts';
import { SqliteStore } from '../../../server/core/store/sqlite-store.ts';

/** A draft that says one thing. */
export function draft(says: string, chain: ChainName = 'audit', topic = 'test'): Draft {
  return { chain, topic, make: () => ({ timeMs: 1000, body: JSON.stringify({ says }) }) };
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'gatehouse-records-'));
}

/** Opens a database without its guards, as somebody with the file in hand would. */
export function tamper(path: string, statement: string): void {
  const database = new Database(path);
  for (const chain of CHAINS) {
    database.run(`DROP TRIGGER IF EXISTS ${chain}_keeps`);
    database.run(`DROP TRIGGER IF EXISTS ${chain}_stays`);
  }
  database.run(statement);
  database.close();
}

export async function all(records: AsyncIterable<StoredRecord>): Promise<StoredRecord[]> {
  return await Array.fromAsync(records);
}

export async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** A store in memory whose disk can be full. */
export class FillingStore implements RecordStore {
  readonly #store = SqliteStore.open(':memory:');
  /** While true, nothing can be stored. */
  full = false;

  append(drafts: readonly Draft[]): Promise<StoredRecord[]> {
    if (!this.full) return this.#store.append(drafts);
    return Promise.reject(new ServerError('STORAGE_FAILED', 'database or disk is full'));
  }

  newest: RecordStore['newest'] = (chain, topic) => this.#store.newest(chain, topic);
  read: RecordStore['read'] = (chain) => this.#store.read(chain);
  readBack: RecordStore['readBack'] = (chain, seq) => this.#store.readBack(chain, seq);
  addCheckpoint: RecordStore['addCheckpoint'] = (checkpoint) =>
    this.#store.addCheckpoint(checkpoint);
  checkpoints: RecordStore['checkpoints'] = (chain) => this.#store.checkpoints(chain);
  prune: RecordStore['prune'] = (start) => this.#store.prune(start);
  close(): void {
    this.#store.close();
  }
}
