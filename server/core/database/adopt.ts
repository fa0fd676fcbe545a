/**
 * Takes what one server has kept in its files over into a database that has nothing yet: the records as they
 * are, so that hashes, checkpoints and the volume that was used still hold, and who may come in. Sessions end.
 */
import type { AccessDatabase } from '../access/access-database.ts';
import { ServerError } from '../errors.ts';
import {
  CHAINS,
  type Checkpoint,
  type RecordStore,
  type StoredRecord,
} from '../store/record-store.ts';
import { appendLock, insertRecords } from '../store/postgres-store.ts';
import type { Postgres, Query, SqlValue } from './postgres.ts';

/** Of the access file, in an order in which each finds what it refers to. */
const ACCESS_TABLES = ['api_key', 'admin', 'passkey_user', 'passkey'] as const;
/** Records in one statement. */
const PAGE = 1000;
/** A million records take about a minute. */
const LIMIT_MS = 3_600_000;

/** How many records there are now. */
export type Adopted = Readonly<Record<'ledger' | 'audit', number>>;

/**
 * All of it or nothing.
 * @throws ServerError STORAGE_FAILED, also when the database has records or keys
 */
export async function adopt(
  database: Postgres,
  files: { readonly records: RecordStore; readonly access: AccessDatabase | undefined },
): Promise<Adopted> {
  return await database.transaction(async (query) => {
    await appendLock(query);
    for (const table of [...CHAINS, ...ACCESS_TABLES]) {
      const found = await query(`SELECT 1 FROM ${table} LIMIT 1`);
      if (found.length === 0) continue;
      const reason = `${database.name}: it has records of its own (${table})`;
      throw new ServerError('STORAGE_FAILED', reason);
    }
    const adopted = { ledger: 0, audit: 0 };
    for (const chain of CHAINS) {
      for await (const page of pagesOf(files.records.read(chain))) {
        await insertRecords(query, chain, page);
        adopted[chain] += page.length;
      }
      for (const { seq, jws } of await files.records.checkpoints(chain)) {
        await insertRow(query, 'checkpoint', { chain, seq, jws } satisfies Checkpoint);
      }
    }
    for (const table of files.access === undefined ? [] : ACCESS_TABLES) {
      const rows = await files.access!.all<Record<string, SqlValue>>(`SELECT * FROM ${table}`);
      for (const row of rows) await insertRow(query, table, row);
    }
    return adopted;
  }, LIMIT_MS);
}

async function* pagesOf(records: AsyncIterable<StoredRecord>): AsyncGenerator<StoredRecord[]> {
  let page: StoredRecord[] = [];
  for await (const record of records) {
    page.push(record);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** @param row by the names of columns, which are ours */
async function insertRow(
  query: Query,
  table: string,
  row: Readonly<Record<string, SqlValue>>,
): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map((_, i) => `$${i + 1}`);
  await query(
    `INSERT INTO ${table} (${columns.join()}) VALUES (${places.join()})`,
    Object.values(row),
  );
}
