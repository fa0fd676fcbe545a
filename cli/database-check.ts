/** What `doctor` finds of the database that records are in. */
import type { ServerConfig } from '../server/core/config/mod.ts';
import { findSchema } from '../server/core/database/schema.ts';
import { databaseOf } from '../server/core/store/open-store.ts';

interface Facts {
  version: string;
  tls: boolean;
  standby: boolean;
}

/**
 * @returns undefined where the settings name no database
 * @throws ServerError STORAGE_FAILED when it cannot be used; CONFIG_INVALID
 */
export async function databaseFacts(
  config: Pick<ServerConfig, 'databaseUrl'>,
): Promise<string | undefined> {
  const database = databaseOf(config);
  if (database === undefined) return undefined;
  try {
    const schema = await findSchema(database);
    const [{ version, tls, standby }] = await database.query<Facts>(
      `SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS standby,
        coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS tls`,
    );
    const about = `${database.name}, PostgreSQL ${version}, ${tls ? 'with' : 'without'} TLS`;
    if (standby) throw new Error(`${about}: a standby, which takes no records`);
    return schema === undefined
      ? `${about}, without tables yet; they are made at the start`
      : `${about}, schema ${schema}`;
  } finally {
    await database.close();
  }
}
