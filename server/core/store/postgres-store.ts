/**
 * Chains in a PostgreSQL database that several nodes use. Whoever appends holds a lock of the database until
 * its transaction has ended, so that each record follows the one before it whichever node wrote that.
 */
import { link } from '../chain/link.ts';
import type { Postgres, Query } from '../database/postgres.ts';
import { ServerError } from '../errors.ts';
import type { ChainName, Checkpoint, Draft, RecordStore, StoredRecord } from './record-store.ts';

/** Records read at one time. */
const PAGE = 1000;

const COLUMNS = 'seq, time_ms AS "timeMs", topic, body, previous, hash';

export class PostgresStore implements RecordStore {
  readonly #database: Postgres;

  /** @param database with its tables; closed by `close` */
  constructor(database: Postgres) {
    this.#database = database;
  }

  append(drafts: readonly Draft[]): Promise<StoredRecord[]> {
    return this.#database.transaction(async (query) => {
      await appendLock(query);
      const records: StoredRecord[] = new Array(drafts.length);
      for (const chain of new Set(drafts.map((draft) => draft.chain))) {
        const own = drafts.flatMap((draft, index) => draft.chain === chain ? [index] : []);
        const linked = await linkAll(query, chain, own.map((index) => drafts[index]));
        own.forEach((index, i) => records[index] = linked[i]);
        await insertRecords(query, chain, linked);
      }
      return records;
    });
  }

  async newest(chain: ChainName, topic?: string): Promise<StoredRecord | undefined> {
    const where = topic === undefined ? '' : 'WHERE topic = $1';
    const sql = `SELECT ${COLUMNS} FROM ${chain} ${where} ORDER BY seq DESC LIMIT 1`;
    const values = topic === undefined ? [] : [topic];
    return (await this.#database.query<StoredRecord>(sql, values))[0];
  }

  read(chain: ChainName): AsyncGenerator<StoredRecord> {
    const sql = `SELECT ${COLUMNS} FROM ${chain} WHERE seq > $1 ORDER BY seq LIMIT ${PAGE}`;
    return this.#pages(sql, 0);
  }

  readBack(chain: ChainName, seq = Number.MAX_SAFE_INTEGER): AsyncGenerator<StoredRecord> {
    const sql = `SELECT ${COLUMNS} FROM ${chain} WHERE seq < $1 ORDER BY seq DESC LIMIT ${PAGE}`;
    return this.#pages(sql, seq);
  }

  /** @param beyond the record that the first page follows on */
  async *#pages(sql: string, beyond: number): AsyncGenerator<StoredRecord> {
    for (let last = beyond;;) {
      const page = await this.#database.query<StoredRecord>(sql, [last]);
      yield* page;
      if (page.length < PAGE) return;
      last = page[page.length - 1].seq;
    }
  }

  async addCheckpoint({ chain, seq, jws }: Checkpoint): Promise<void> {
    const sql = 'INSERT INTO checkpoint VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
    await this.#database.query(sql, [chain, seq, jws]);
  }

  async prune({ chain, seq, jws }: Checkpoint): Promise<void> {
    const { name } = this.#database;
    await this.#database.transaction(async (query) => {
      await appendLock(query);
      const [{ oldest, newest }] = await query<{ oldest: number | null; newest: number | null }>(
        `SELECT min(seq) AS oldest, max(seq) AS newest FROM ${chain}`,
      );
      if (seq >= (newest ?? 0)) {
        const reason = `${chain}: its newest record is ${newest ?? 0}, and stays`;
        throw new ServerError('STORAGE_FAILED', `${name}: ${reason}`);
      }
      // another node has come as far, and has signed that
      if ((oldest ?? 0) > seq) return;
      // what the trigger of the table lets through
      await query(`SET LOCAL gatehouse.pruned = '${chain}'`);
      await query(`DELETE FROM ${chain} WHERE seq <= $1`, [seq]);
      await query('DELETE FROM checkpoint WHERE chain = $1 AND seq <= $2', [chain, seq]);
      await query('INSERT INTO checkpoint VALUES ($1, $2, $3)', [chain, seq, jws]);
    });
  }

  async checkpoints(chain: ChainName): Promise<Checkpoint[]> {
    const sql = 'SELECT chain, seq, jws FROM checkpoint WHERE chain = $1 ORDER BY seq';
    return [...await this.#database.query<Checkpoint>(sql, [chain])];
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

/** Waits until nobody else appends, and holds that until the transaction has ended. */
export async function appendLock(query: Query): Promise<void> {
  await query('SELECT pg_advisory_xact_lock(1734894440, 2)');
}

async function linkAll(
  query: Query,
  chain: ChainName,
  drafts: readonly Draft[],
): Promise<StoredRecord[]> {
  const topics = [...new Set(drafts.map(({ topic }) => topic))];
  const rows = await query<StoredRecord>(
    `(SELECT ${COLUMNS} FROM ${chain} ORDER BY seq DESC LIMIT 1)
    UNION ALL
    SELECT record.* FROM json_array_elements_text($1::text::json) AS wanted (topic)
      CROSS JOIN LATERAL (
        SELECT ${COLUMNS} FROM ${chain} WHERE topic = wanted.topic ORDER BY seq DESC LIMIT 1
      ) AS record`,
    [JSON.stringify(topics)],
  );
  const found = rows.toSorted((a, b) => a.seq - b.seq);
  const newest = new Map(found.map((record) => [record.topic, record]));
  let end = found.at(-1);
  return drafts.map((draft) => {
    end = link(draft, end, newest.get(draft.topic));
    newest.set(draft.topic, end);
    return end;
  });
}

/** Stores records that are linked already. */
export async function insertRecords(
  query: Query,
  chain: ChainName,
  records: readonly StoredRecord[],
): Promise<void> {
  await query(
    `INSERT INTO ${chain} SELECT seq, "timeMs", topic, body, previous, hash
      FROM json_to_recordset($1::text::json) AS record (
        seq bigint, "timeMs" bigint, topic text, body text, previous text, hash text
      )`,
    [JSON.stringify(records)],
  );
}
