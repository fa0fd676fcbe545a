/** The records of an installation where its settings say they are: in a database, or else in the data folder. */
import { existsSync } from 'node:fs';
import type { ServerConfig } from '../config/mod.ts';
import { readDatabaseUrl } from '../database/address.ts';
import { Postgres } from '../database/postgres.ts';
import { findSchema, prepareSchema, requireSchema } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { recordsPath } from '../records.ts';
import { PostgresStore } from './postgres-store.ts';
import type { RecordStore } from './record-store.ts';
import { SqliteStore } from './sqlite-store.ts';

type Place = Pick<ServerConfig, 'dataFolder' | 'databaseUrl'>;

/** The database that the settings name, not yet asked for anything; undefined where they name none. */
export function databaseOf({ databaseUrl }: Pick<Place, 'databaseUrl'>): Postgres | undefined {
  if (databaseUrl === undefined) return undefined;
  const address = readDatabaseUrl(databaseUrl);
  if ('fault' in address) throw new ServerError('CONFIG_INVALID', `database.url ${address.fault}`);
  return new Postgres(address);
}

/**
 * The database for a server, with its tables as this program needs them; undefined where there is none.
 * @throws ServerError STORAGE_FAILED
 */
export async function openDatabase(place: Place): Promise<Postgres | undefined> {
  return await usable(place, async (database) => {
    await prepareSchema(database);
    return true;
  });
}

/**
 * @param create whether an installation without records gets some
 * @throws ServerError STORAGE_FAILED
 */
export async function openRecordStore(place: Place, create: boolean): Promise<RecordStore> {
  const database = await usable(place, async (database) => {
    await (create ? prepareSchema(database) : requireSchema(database));
    return true;
  });
  return database === undefined
    ? SqliteStore.open(recordsPath(place.dataFolder), { create })
    : new PostgresStore(database);
}

/** The records as far as there are some. @throws ServerError STORAGE_FAILED */
export async function findRecordStore(place: Place): Promise<RecordStore | undefined> {
  if (place.databaseUrl === undefined) {
    const path = recordsPath(place.dataFolder);
    return existsSync(path) ? SqliteStore.open(path) : undefined;
  }
  const database = await usable(
    place,
    async (database) => await findSchema(database) !== undefined,
  );
  return database && new PostgresStore(database);
}

/** The database when it passes a test; closed when it does not. */
async function usable(
  place: Place,
  test: (database: Postgres) => Promise<boolean>,
): Promise<Postgres | undefined> {
  const database = databaseOf(place);
  let passed = false;
  try {
    passed = database !== undefined && await test(database);
  } finally {
    if (!passed) await database?.close();
  }
  return passed ? database : undefined;
}
