/**
 * The file that says who may come in: one SQLite database in the data folder, for its owner alone. The server
 * asks it anew each time, so what a command changes beside it counts at once.
 */
import { Database } from 'bun:sqlite';
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt } from '../store/attempt.ts';
import type { AccessDatabase, AccessStatement } from './access-database.ts';

const FILE = 'access.db';
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** For a command that writes beside the server; its transactions take milliseconds. */
const BUSY_TIMEOUT_MS = 5000;

/** Step N leads from schema N, `PRAGMA user_version`, to N + 1. */
const STEPS: readonly string[] = [
  `CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    digest BLOB NOT NULL,
    scopes TEXT NOT NULL,
    rate TEXT,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    revoked_ms INTEGER
  ) STRICT;
  CREATE INDEX api_key_name ON api_key (name);`,
  `CREATE TABLE admin (
    name TEXT PRIMARY KEY,
    password_hash TEXT NOT NULL,
    totp BLOB NOT NULL,
    last_step INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE session (
    digest BLOB PRIMARY KEY,
    admin TEXT NOT NULL REFERENCES admin (name) ON DELETE CASCADE,
    created_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
  ) STRICT;`,
  `CREATE TABLE passkey_user (
    admin TEXT PRIMARY KEY REFERENCES admin (name) ON DELETE CASCADE,
    handle BLOB NOT NULL
  ) STRICT;
  CREATE TABLE passkey (
    id BLOB PRIMARY KEY,
    admin TEXT NOT NULL REFERENCES passkey_user (admin) ON DELETE CASCADE,
    name TEXT NOT NULL,
    algorithm INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    counter INTEGER NOT NULL,
    backup_eligible INTEGER NOT NULL,
    backed_up INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    used_ms INTEGER
  ) STRICT;
  CREATE INDEX passkey_admin ON passkey (admin);`,
  // who is in logs in again: it is not known how those sessions began
  `DROP TABLE session;
  CREATE TABLE session (
    digest BLOB PRIMARY KEY,
    admin TEXT NOT NULL REFERENCES admin (name) ON DELETE CASCADE,
    created_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    begun_by TEXT NOT NULL,
    address TEXT
  ) STRICT;`,
];

/** Where a data folder has it. */
export function accessPath(dataFolder: string): string {
  return join(dataFolder, FILE);
}

export class AccessFile implements AccessDatabase {
  readonly #database: Database;
  readonly #name: string;

  private constructor(database: Database, name: string) {
    this.#database = database;
    this.#name = name;
  }

  /**
   * Opens a file, which is made with its folder when there is none.
   * @param path `:memory:` for one that ends with the process
   * @throws ServerError STORAGE_FAILED
   */
  static open(path: string): AccessFile {
    return attempt(path, () => {
      if (path !== ':memory:') {
        mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
        // the files that SQLite puts beside it take over its mode
        closeSync(openSync(path, 'a', FILE_MODE));
        chmodSync(path, FILE_MODE);
      }
      const database = new Database(path, { strict: true });
      try {
        database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
        database.run('PRAGMA journal_mode = WAL');
        database.run('PRAGMA synchronous = FULL');
        database.run('PRAGMA foreign_keys = ON');
        database.transaction(() => bringUpToDate(database)).immediate();
        return new AccessFile(database, path);
      } catch (error) {
        database.close();
        throw error;
      }
    });
  }

  async all<Row>(...[sql, ...values]: AccessStatement): Promise<Row[]> {
    return attempt(this.#name, () => this.#database.query(sql).all(...values) as Row[]);
  }

  async one<Row>(...[sql, ...values]: AccessStatement): Promise<Row | undefined> {
    return attempt(
      this.#name,
      () => (this.#database.query(sql).get(...values) as Row) ?? undefined,
    );
  }

  async run(...[sql, ...values]: AccessStatement): Promise<number> {
    return attempt(this.#name, () => this.#database.query(sql).run(...values).changes);
  }

  async batch(statements: readonly AccessStatement[]): Promise<void> {
    const all = this.#database.transaction(() => {
      for (const [sql, ...values] of statements) this.#database.query(sql).run(...values);
    });
    attempt(this.#name, () => all.immediate());
  }

  close(): void {
    this.#database.close();
  }
}

function bringUpToDate(database: Database): void {
  const version = database.query<{ user_version: number }, []>('PRAGMA user_version').get()
    ?.user_version ?? 0;
  if (version > STEPS.length) {
    throw new Error(`schema ${version}, this program knows ${STEPS.length}`);
  }
  for (const step of STEPS.slice(version)) database.run(step);
  database.run(`PRAGMA user_version = ${STEPS.length}`);
}
