/**
 * One PostgreSQL database, reached through a few connections. Everything has an end: a server that does not
 * answer in time is taken for gone, its connections are given up, and the next question opens new ones.
 */
import { readFileSync } from 'node:fs';
import { SQL } from 'bun';
import { ServerError } from '../errors.ts';
import { type DatabaseAddress, nameOf, socketPath } from './address.ts';

/** Holds all our tables. */
export const SCHEMA = 'gatehouse';

/** Statements take milliseconds; the server itself ends those that do not, and what waits for a lock. */
const STATEMENT_TIMEOUT_MS = 5000;
/** What is waited for on this side: a statement of the longest kind, and the way there. */
const ANSWER_TIMEOUT_MS = 8000;
const CONNECT_TIMEOUT_S = 5;
/** One appends at a time; the others are for nonces, access and whoever reads. */
const CONNECTIONS = 8;

/**
 * Sent with every connection. The last four let go of the locks of a node that is gone without a word; a
 * commit is on the disk before it is reported, whatever the database was set to.
 */
const SESSION = {
  application_name: 'gatehouse',
  search_path: SCHEMA,
  client_encoding: 'UTF8',
  synchronous_commit: 'on',
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  lock_timeout: String(STATEMENT_TIMEOUT_MS),
  idle_in_transaction_session_timeout: String(STATEMENT_TIMEOUT_MS),
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '2',
};

/** What a statement is given: `$1` and so on. */
export type SqlValue = string | number | Uint8Array | null;

/** Rows of an answer, and how many rows a statement has changed. */
type Rows<Row> = readonly Row[] & { readonly count: number };

/** Runs one statement. Columns of type bigint come as numbers: ours are below 2^53. */
export type Query = <Row>(sql: string, values?: readonly SqlValue[]) => Promise<Rows<Row>>;

export class Postgres {
  /** For logs and messages. */
  readonly name: string;
  readonly #connect: () => SQL;
  #connections: SQL;
  #closed = false;

  /** Connects when it is asked for something. @throws ServerError STORAGE_FAILED without the file of authorities */
  constructor(address: DatabaseAddress) {
    this.name = nameOf(address);
    this.#connect = attempt(this.name, () => connector(address));
    this.#connections = this.#connect();
  }

  /** One statement by itself. @throws ServerError STORAGE_FAILED */
  query: Query = (sql, values) => this.#within((connections) => queryOf(connections)(sql, values));

  /**
   * Does all of it or nothing. When it fails, what was to be committed may be there all the same if the
   * server was lost in that very moment.
   * @param limitMs for all of it
   * @throws ServerError STORAGE_FAILED
   */
  async transaction<T>(
    work: (query: Query) => Promise<T>,
    limitMs: number = ANSWER_TIMEOUT_MS,
  ): Promise<T> {
    return await this.#within(
      (connections) => connections.begin((transaction) => work(queryOf(transaction))) as Promise<T>,
      limitMs,
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connections.close({ timeout: 1 });
  }

  async #within<T>(
    work: (connections: SQL) => Promise<T>,
    limitMs: number = ANSWER_TIMEOUT_MS,
  ): Promise<T> {
    const connections = this.#connections;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${limitMs} ms`));
      this.#giveUp(connections);
    }, limitMs);
    const working = work(connections);
    // when the time has passed nobody waits for it any more
    working.catch(() => {});
    try {
      return await Promise.race([working, late]);
    } catch (error) {
      throw failure(this.name, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What was under way on these connections fails. */
  #giveUp(connections: SQL): void {
    if (connections !== this.#connections || this.#closed) return;
    this.#connections = this.#connect();
    void connections.close({ timeout: 0 }).catch(() => {});
  }
}

/** Makes sets of connections, each of which connects when it is used. */
function connector(address: DatabaseAddress): () => SQL {
  const { host, port, user, password, database, sslMode, sslRootCert } = address;
  const path = socketPath(address);
  // the one place where the client takes a mode of TLS
  const url = new URL(`postgres://localhost?sslmode=${sslMode}`);
  const ca = sslRootCert === undefined ? undefined : readFileSync(sslRootCert, 'utf8');
  const options: ConstructorParameters<typeof SQL>[0] = {
    adapter: 'postgres',
    url,
    ...(path === undefined ? { hostname: host } : { path }),
    port,
    username: user,
    password,
    database,
    ...(sslMode.startsWith('verify') && { tls: { ...(ca !== undefined && { ca }) } }),
    max: CONNECTIONS,
    connectionTimeout: CONNECT_TIMEOUT_S,
    bigint: true,
    connection: SESSION,
  };
  return () => new SQL(options);
}

function queryOf(connections: SQL): Query {
  return async <Row>(sql: string, values: readonly SqlValue[] = []) => {
    const rows = await connections.unsafe(sql, [...values]);
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        if (typeof value === 'bigint') row[column] = Number(value);
      }
    }
    return rows as Rows<Row>;
  };
}

function attempt<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw failure(name, error);
  }
}

/** Says what the server said. What else its error has, such as the values of a row, is left out. */
function failure(name: string, cause: unknown): ServerError {
  if (cause instanceof ServerError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServerError('STORAGE_FAILED', `${name}: ${reason}`);
}
