/**
 * Where it is kept who may come in: a file for one server, tables for several. Whoever asks does so anew each
 * time, so what is changed elsewhere counts at once. Statements are SQL that SQLite and PostgreSQL both read,
 * with `?` or `?1` for values, and times and flags as whole numbers.
 */

type AccessValue = string | number | Uint8Array | null;

/** A statement with its values. */
export type AccessStatement = readonly [sql: string, ...values: AccessValue[]];

/** Every method throws ServerError STORAGE_FAILED. */
export interface AccessDatabase {
  all<Row>(...statement: AccessStatement): Promise<Row[]>;
  /** The first row. */
  one<Row>(...statement: AccessStatement): Promise<Row | undefined>;
  /** @returns rows that it changed */
  run(...statement: AccessStatement): Promise<number>;
  /** Runs all of them or none, while nobody else writes the same rows. */
  batch(statements: readonly AccessStatement[]): Promise<void>;
}
