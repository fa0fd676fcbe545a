/** The tables of a database, brought up to date by whichever node comes first. */
import { ServerError } from '../errors.ts';
import { type Postgres, type Query, SCHEMA } from './postgres.ts';
import { STEPS } from './steps.ts';

/** Of `pg_advisory_xact_lock`: held while tables are made, so that two nodes may start at one time. */
const LOCK = 'pg_advisory_xact_lock(1734894440, 1)';

/**
 * Makes the tables or brings them up to date.
 * @returns the version that was found and the one that is there now; 0: none
 * @throws ServerError STORAGE_FAILED when the server would not keep what it is given, or the tables are those
 * of a newer program
 */
export async function prepareSchema(
  database: Postgres,
  steps: readonly string[] = STEPS,
): Promise<{ from: number; to: number }> {
  await refuseForgetful(database);
  return await database.transaction(async (query) => {
    await query(`SELECT ${LOCK}`);
    const from = await versionOf(query);
    refuseNewer(database, from, steps.length);
    if (from === 0) {
      await query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
      await query('CREATE TABLE schema_version (version integer NOT NULL)');
      await query('INSERT INTO schema_version VALUES (0)');
    }
    for (const step of steps.slice(from)) await query(step);
    await query('UPDATE schema_version SET version = $1', [steps.length]);
    return { from, to: steps.length };
  });
}

/**
 * Finds the tables as they are.
 * @returns their version; undefined when there are none yet
 * @throws ServerError STORAGE_FAILED, also for the tables of a newer program
 */
export async function findSchema(database: Postgres): Promise<number | undefined> {
  const version = await versionOf(database.query);
  refuseNewer(database, version, STEPS.length);
  return version === 0 ? undefined : version;
}

/** Finds tables that this program can use as they are. @throws ServerError STORAGE_FAILED */
export async function requireSchema(database: Postgres): Promise<void> {
  const version = await findSchema(database);
  if (version === STEPS.length) return;
  const found = version === undefined ? 'there are no records yet' : `schema ${version} is older`;
  const advice = 'start the server once, which makes what is missing';
  throw new ServerError('STORAGE_FAILED', `${database.name}: ${found}: ${advice}`);
}

async function versionOf(query: Query): Promise<number> {
  const [there] = await query<{ there: boolean }>(
    `SELECT to_regclass('${SCHEMA}.schema_version') IS NOT NULL AS there`,
  );
  if (!there.there) return 0;
  const [row] = await query<{ version: number }>('SELECT version FROM schema_version');
  return row?.version ?? 0;
}

function refuseNewer(database: Postgres, found: number, known: number): void {
  if (found <= known) return;
  const reason = `schema ${found}, this program knows ${known}: it was used by a newer Gatehouse`;
  throw new ServerError('STORAGE_FAILED', `${database.name}: ${reason}`);
}

/** Settings of the server that cannot be mended from here. */
async function refuseForgetful(database: Postgres): Promise<void> {
  const [settings] = await database.query<{ fsync: string; pages: string; encoding: string }>(
    `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
      current_setting('server_encoding') AS encoding`,
  );
  const refuse = (reason: string) => {
    throw new ServerError('STORAGE_FAILED', `${database.name}: ${reason}`);
  };
  if (settings.fsync !== 'on' || settings.pages !== 'on') {
    refuse('the server runs with fsync or full_page_writes off, so a power cut loses records');
  }
  if (settings.encoding !== 'UTF8') refuse(`its encoding is ${settings.encoding}, not UTF8`);
}
