/**
 * What one server keeps, and where: in SQLite files of its own, or in the database that it shares with the
 * other nodes of an installation.
 */
import { hostname } from 'node:os';
import type { AccessDatabase } from './core/access/access-database.ts';
import { AccessFile, accessPath } from './core/access/access-file.ts';
import { AccessTables } from './core/access/access-tables.ts';
import type { ServerConfig } from './core/config/mod.ts';
import type { Postgres } from './core/database/postgres.ts';
import type { Logger } from './core/logging.ts';
import { sharedSecret } from './core/database/shared-secret.ts';
import { Nodes } from './core/nodes/nodes.ts';
import { Records, recordsPath, refuseEmptiedRecords } from './core/records.ts';
import { FileNonces } from './core/replay/file-nonces.ts';
import type { ReplayGuard } from './core/replay/replay-guard.ts';
import { SharedNonces } from './core/replay/shared-nonces.ts';
import { openDatabase } from './core/store/open-store.ts';
import { PostgresStore } from './core/store/postgres-store.ts';
import { SqliteStore } from './core/store/sqlite-store.ts';
import { KEY_BYTES } from './core/webauthn/challenges.ts';
import type { InstallationKeys } from './keys.ts';

export interface Storage {
  readonly records: Records;
  readonly access: AccessDatabase;
  readonly nonces: ReplayGuard;
  /** Seals what passkeys answer; undefined where there is one node. */
  readonly challengeKey: Uint8Array | undefined;
  /** When nobody uses any of it any more. */
  close(): Promise<void>;
}

interface StorageOptions {
  readonly log: Logger;
  readonly keys: Pick<InstallationKeys, 'signing' | 'capture'>;
}

/**
 * @throws ServerError STORAGE_FAILED; CONFIG_INVALID when a node with other keys runs on the same database
 */
export async function openStorage(config: ServerConfig, options: StorageOptions): Promise<Storage> {
  const database = await openDatabase(config);
  return database === undefined
    ? openFiles(config, options)
    : await openShared(database, config, options);
}

function openFiles({ dataFolder }: ServerConfig, { log, keys }: StorageOptions): Storage {
  refuseEmptiedRecords(dataFolder);
  const access = AccessFile.open(accessPath(dataFolder));
  const store = SqliteStore.open(recordsPath(dataFolder));
  const nonces = FileNonces.open(recordsPath(dataFolder));
  const records = new Records(store, { log, signingKey: keys.signing });
  return {
    records,
    access,
    nonces,
    challengeKey: undefined,
    close: async () => {
      access.close();
      nonces.close();
      await records.close();
    },
  };
}

async function openShared(
  database: Postgres,
  { port }: ServerConfig,
  { log, keys }: StorageOptions,
): Promise<Storage> {
  const name = `${hostname()}:${port}`;
  const join = async () => ({
    nodes: await Nodes.join(database, { name, keys, log }),
    challengeKey: await sharedSecret(database, 'passkey-challenges', KEY_BYTES),
  });
  const { nodes, challengeKey } = await join().catch(async (error) => {
    await database.close();
    throw error;
  });
  const access = new AccessTables(database);
  const nonces = new SharedNonces(database);
  const signingKey = keys.signing;
  const records = new Records(new PostgresStore(database), { log, signingKey, node: name });
  log.info('node', { node: name, database: database.name });
  return {
    records,
    access,
    nonces,
    challengeKey,
    close: async () => {
      nonces.close();
      await nodes.leave();
      await records.close();
    },
  };
}
