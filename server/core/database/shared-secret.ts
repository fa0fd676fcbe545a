/** Secrets that all nodes of a database use, made by the one that first asks for them. */
import { randomBytes } from 'node:crypto';
import type { Postgres } from './postgres.ts';

/** @throws ServerError STORAGE_FAILED */
export async function sharedSecret(
  database: Pick<Postgres, 'query'>,
  name: string,
  length: number,
): Promise<Uint8Array> {
  const sql = 'INSERT INTO secret VALUES ($1, $2) ON CONFLICT DO NOTHING';
  await database.query(sql, [name, randomBytes(length)]);
  const rows = await database.query<{ value: Uint8Array }>(
    'SELECT value FROM secret WHERE name = $1',
    [name],
  );
  return rows[0].value;
}
