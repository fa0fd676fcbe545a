/**
 * Chains in one SQLite file. The write-ahead log is flushed with every commit (synchronous=FULL), because
 * answers leave when their records are stored. Several processes may use the file at one time.
 */
import { attempt } from './attempt.ts';
import { Database, type Statement } from 'bun:sqlite';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { link } from '../chain/link.ts';
import {
  type ChainName,
  CHAINS,
  type Checkpoint,
  type Draft,
  type RecordStore,
  type StoredRecord,
} from './record-store.ts';
import { SameFiles } from './same-files.ts';

/** Of the tables below, in `PRAGMA user_version`. */
const SCHEMA_VERSION = 1;
/** For a command that writes beside the server; its transactions take milliseconds. */
const BUSY_TIMEOUT_MS = 5000;
const MEMORY = ':memory:';
/** Records read at one time. */
const PAGE = 1000;
const FILE_MODE = 0o600;
/** The database and what SQLite keeps beside it while it is open. */
const FILES = ['', '-wal', '-shm'];

function tablesOf(chain: ChainName): string {
  return `
    CREATE TABLE ${chain} (
      seq INTEGER PRIMARY KEY,
      time_ms INTEGER NOT NULL,
      topic TEXT NOT NULL,
      body TEXT NOT NULL,
      previous TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE INDEX ${chain}_topic ON ${chain} (topic, seq);
    CREATE TRIGGER ${chain}_keeps BEFORE UPDATE ON ${chain}
      BEGIN SELECT RAISE(ABORT, '${chain} only grows'); END;
    ${staysTrigger(chain)}`;
}

function staysTrigger(chain: ChainName): string {
  return `CREATE TRIGGER ${chain}_stays BEFORE DELETE ON ${chain}
      BEGIN SELECT RAISE(ABORT, '${chain} only grows'); END;`;
}

const CHECKPOINT_TABLE = `
    CREATE TABLE checkpoint (
      chain TEXT NOT NULL,
      seq INTEGER NOT NULL,
      jws TEXT NOT NULL,
      PRIMARY KEY (chain, seq)
    ) STRICT;`;

const COLUMNS = 'seq, time_ms AS timeMs, topic, body, previous, hash';

interface Statements {
  readonly end: Statement<StoredRecord, []>;
  readonly newest: Statement<StoredRecord, [string]>;
  readonly page: Statement<StoredRecord, [number]>;
  readonly pageBack: Statement<StoredRecord, [number]>;
  readonly insert: Statement<unknown, [number, number, string, string, string, string]>;
}

export class SqliteStore implements RecordStore {
  readonly #database: Database;
  readonly #name: string;
  readonly #files: SameFiles;
  readonly #statements: Readonly<Record<ChainName, Statements>>;

  private constructor(database: Database, name: string) {
    this.#database = database;
    this.#name = name;
    this.#files = new SameFiles(name === MEMORY ? [] : FILES.map((file) => name + file));
    const prepare = (chain: ChainName): Statements => ({
      end: database.query(`SELECT ${COLUMNS} FROM ${chain} ORDER BY seq DESC LIMIT 1`),
      newest: database.query(
        `SELECT ${COLUMNS} FROM ${chain} WHERE topic = ? ORDER BY seq DESC LIMIT 1`,
      ),
      page: database.query(
        `SELECT ${COLUMNS} FROM ${chain} WHERE seq > ? ORDER BY seq LIMIT ${PAGE}`,
      ),
      pageBack: database.query(
        `SELECT ${COLUMNS} FROM ${chain} WHERE seq < ? ORDER BY seq DESC LIMIT ${PAGE}`,
      ),
      insert: database.query(`INSERT INTO ${chain} VALUES (?, ?, ?, ?, ?, ?)`),
    });
    this.#statements = { ledger: prepare('ledger'), audit: prepare('audit') };
  }

  /**
   * Opens a file, which is made with its folder when there is none.
   * @param path `:memory:` for chains that end with the process
   * @param options.create false: a missing file is an error
   * @throws ServerError STORAGE_FAILED
   */
  static open(path: string, { create = true }: { create?: boolean } = {}): SqliteStore {
    return attempt(path, () => {
      if (path !== MEMORY) {
        if (!create && !existsSync(path)) throw new Error('no such file');
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        // the files that SQLite puts beside it take over its mode
        closeSync(openSync(path, 'a', FILE_MODE));
      }
      const database = new Database(path, { strict: true });
      try {
        prepareDatabase(database);
        return new SqliteStore(database, path);
      } catch (error) {
        database.close();
        throw error;
      }
    });
  }

  append(drafts: readonly Draft[]): Promise<StoredRecord[]> {
    return this.#try(() => {
      this.#files.check();
      const records = inTransaction(this.#database, () => this.#insertAll(drafts));
      // what went into a file that is gone by now is not stored
      this.#files.check();
      return records;
    });
  }

  #insertAll(drafts: readonly Draft[]): StoredRecord[] {
    const ends = new Map<ChainName, StoredRecord | undefined>();
    const newest = new Map<string, StoredRecord | undefined>();
    return drafts.map((draft) => {
      const { chain, topic } = draft;
      const { end, newest: newestOf, insert } = this.#statements[chain];
      if (!ends.has(chain)) ends.set(chain, end.get() ?? undefined);
      const key = `${chain} ${topic}`;
      if (!newest.has(key)) newest.set(key, newestOf.get(topic) ?? undefined);
      const record = link(draft, ends.get(chain), newest.get(key));
      const { seq, timeMs, body, previous, hash } = record;
      insert.run(seq, timeMs, topic, body, previous, hash);
      ends.set(chain, record);
      newest.set(key, record);
      return record;
    });
  }

  newest(chain: ChainName, topic?: string): Promise<StoredRecord | undefined> {
    const { end, newest } = this.#statements[chain];
    return this.#try(() => (topic === undefined ? end.get() : newest.get(topic)) ?? undefined);
  }

  read(chain: ChainName): AsyncGenerator<StoredRecord> {
    return this.#pages(this.#statements[chain].page, 0);
  }

  readBack(chain: ChainName, seq = Number.MAX_SAFE_INTEGER): AsyncGenerator<StoredRecord> {
    return this.#pages(this.#statements[chain].pageBack, seq);
  }

  /** @param beyond the record that the first page follows on */
  async *#pages(
    statement: Statement<StoredRecord, [number]>,
    beyond: number,
  ): AsyncGenerator<StoredRecord> {
    for (let last = beyond;;) {
      const page = await this.#try(() => statement.all(last));
      yield* page;
      if (page.length < PAGE) return;
      last = page[page.length - 1].seq;
    }
  }

  addCheckpoint({ chain, seq, jws }: Checkpoint): Promise<void> {
    return this.#try(() => {
      this.#database.query('INSERT OR IGNORE INTO checkpoint VALUES (?, ?, ?)').run(
        chain,
        seq,
        jws,
      );
    });
  }

  prune({ chain, seq, jws }: Checkpoint): Promise<void> {
    return this.#try(() =>
      inTransaction(this.#database, () => {
        const newest = this.#statements[chain].end.get()?.seq ?? 0;
        if (seq >= newest) throw new Error(`${chain}: its newest record is ${newest}, and stays`);
        const { page } = this.#statements[chain];
        // somebody else has come as far, and has signed that
        if ((page.get(0)?.seq ?? 0) > seq) return;
        this.#database.run(`DROP TRIGGER ${chain}_stays`);
        this.#database.query(`DELETE FROM ${chain} WHERE seq <= ?`).run(seq);
        this.#database.run(staysTrigger(chain));
        this.#database.query('DELETE FROM checkpoint WHERE chain = ? AND seq <= ?').run(chain, seq);
        this.#database.query('INSERT INTO checkpoint VALUES (?, ?, ?)').run(chain, seq, jws);
      })
    );
  }

  checkpoints(chain: ChainName): Promise<Checkpoint[]> {
    const select = 'SELECT chain, seq, jws FROM checkpoint WHERE chain = ? ORDER BY seq';
    return this.#try(() => this.#database.query<Checkpoint, [string]>(select).all(chain));
  }

  close(): void {
    this.#database.close();
  }

  async #try<T>(work: () => T): Promise<T> {
    return attempt(this.#name, work);
  }
}

function prepareDatabase(database: Database): void {
  database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  database.run('PRAGMA journal_mode = WAL');
  database.run('PRAGMA synchronous = FULL');
  // what is deleted is overwritten
  database.run('PRAGMA secure_delete = ON');
  const version = (): number =>
    database.query<{ user_version: number }, []>('PRAGMA user_version').get()?.user_version ?? 0;
  if (version() === SCHEMA_VERSION) return;
  inTransaction(database, () => {
    // another process may have been faster
    const found = version();
    if (found === SCHEMA_VERSION) return;
    if (found !== 0) throw new Error(`schema ${found}, this program knows ${SCHEMA_VERSION}`);
    for (const chain of CHAINS) database.run(tablesOf(chain));
    database.run(CHECKPOINT_TABLE);
    database.run(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}

/** Takes the lock for writing at once, so that what is read inside stays true until the commit. */
function inTransaction<T>(database: Database, work: () => T): T {
  database.run('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.run('COMMIT');
    return result;
  } catch (error) {
    // a full disk may have ended it already
    if (database.inTransaction) database.run('ROLLBACK');
    throw error;
  }
}
