/** The records of an installation, as commands open them beside a server that may be running. */
import { hostname } from 'node:os';
import { operator } from '../server/core/audit/audit.ts';
import type { AuditEvent } from '../server/core/audit/events.ts';
import { requireDataFolder } from '../server/core/data/folder.ts';
import { ServerError } from '../server/core/errors.ts';
import { KeySet } from '../server/core/keys/key-set.ts';
import {
  findSigningKey,
  openSigningKey,
  type SigningKey,
} from '../server/core/keys/signing-key.ts';
import { Records } from '../server/core/records.ts';
import { openRecordStore } from '../server/core/store/open-store.ts';
import { keyFolder, keyPlace } from './keys/folder.ts';
import { installedConfig } from './settings.ts';

export const OTHER_KEYS_HELP =
  '  --keys FILE  key set with further keys that checkpoints were signed with, such as those before\n' +
  '               a change of the key; /.well-known/jwks.json of the time\n';

/** @throws ServerError CONFIG_INVALID */
export async function readKeySet(path: string | undefined): Promise<KeySet | undefined> {
  return path === undefined ? undefined : await KeySet.parse(await Bun.file(path).text(), path);
}

async function ownSigningKey(data: string): Promise<SigningKey | undefined> {
  const { folder, open } = keyPlace(data);
  return await findSigningKey(folder, await open('read'));
}

/** Public keys that records of a data folder may be signed with: its own, where it has one, and others. */
export async function recordKeys(data: string, others: KeySet | undefined): Promise<KeySet> {
  const own = await ownSigningKey(data);
  const keys = await KeySet.of(...own?.published(Date.now(), Infinity) ?? []);
  return others === undefined ? keys : keys.with(others);
}

/**
 * Opens the records of the installation that a data folder belongs to.
 * @param create whether one without records gets some
 * @throws ServerError STORAGE_FAILED
 */
export async function withRecords<T>(
  data: string,
  create: boolean,
  work: (records: Records, signingKey: SigningKey) => Promise<T>,
): Promise<T> {
  const { store, node } = await openInstalled(data, create);
  const open = async () => {
    const { folder, protection } = await keyFolder(data);
    return await openSigningKey(folder, protection);
  };
  const signingKey = await open().catch(async (error) => {
    await store.close();
    throw error;
  });
  return await closedAfter(
    new Records(store, { signingKey, node }),
    (records) => work(records, signingKey),
  );
}

/**
 * Writes into the audit trail what the operator is about to do. Where the signing key does not open, because
 * its passphrase is elsewhere, the record is there without a signed checkpoint after it.
 * @throws ServerError STORAGE_FAILED, or DATA_FORMAT when the folder is of another program: it must not be done
 */
export async function auditOperator(data: string, event: AuditEvent): Promise<void> {
  await requireDataFolder(data);
  const signingKey = await ownSigningKey(data).catch((error) => {
    if (!(error instanceof ServerError)) throw error;
    return undefined;
  });
  const { store, node } = await openInstalled(data, true);
  await closedAfter(
    new Records(store, { signingKey, node }),
    ({ audit }) => audit.record(event, operator()),
  );
}

/** The store of an installation, and how its trail calls this machine where it is one of several. */
async function openInstalled(data: string, create: boolean) {
  const config = installedConfig(data);
  const store = await openRecordStore(config, create);
  return { store, node: config.databaseUrl === undefined ? undefined : hostname() };
}

async function closedAfter<T>(
  records: Records,
  work: (records: Records) => Promise<T>,
): Promise<T> {
  try {
    return await work(records);
  } finally {
    await records.close();
  }
}
