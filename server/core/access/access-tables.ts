/** Who may come in, in the database that several nodes share. */
import type { Postgres, Query } from '../database/postgres.ts';
import type { AccessDatabase, AccessStatement } from './access-database.ts';

export class AccessTables implements AccessDatabase {
  readonly #database: Postgres;

  /** @param database closed by whoever opened it */
  constructor(database: Postgres) {
    this.#database = database;
  }

  async all<Row>(...statement: AccessStatement): Promise<Row[]> {
    return [...await ask<Row>(this.#database.query, statement)];
  }

  async one<Row>(...statement: AccessStatement): Promise<Row | undefined> {
    return (await ask<Row>(this.#database.query, statement))[0];
  }

  async run(...statement: AccessStatement): Promise<number> {
    return (await ask(this.#database.query, statement)).count;
  }

  async batch(statements: readonly AccessStatement[]): Promise<void> {
    await this.#database.transaction(async (query) => {
      for (const statement of statements) await ask(query, statement);
    });
  }
}

function ask<Row>(query: Query, [sql, ...values]: AccessStatement) {
  let count = 0;
  return query<Row>(sql.replace(/\?(\d*)/g, (_, digits) => `$${digits || ++count}`), values);
}
