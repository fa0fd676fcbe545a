/** `gatehouse data to-database`. */
import { existsSync } from 'node:fs';
import { AccessFile, accessPath } from '../../server/core/access/access-file.ts';
import { adopt } from '../../server/core/database/adopt.ts';
import { recordsPath } from '../../server/core/records.ts';
import { openDatabase } from '../../server/core/store/open-store.ts';
import { SqliteStore } from '../../server/core/store/sqlite-store.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from '../command.ts';
import { auditOperator } from '../records.ts';
import { installedConfig } from '../settings.ts';

export const help = `Usage: gatehouse data to-database [--data DIR] [--json]

Copies ledger, audit trail, API keys, administrators and their passkeys from the data folder into the
database that database.url names, which must have none yet. Stop the server before it, and start it with
database.url after it. The files stay as they are and are not used any more.

  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { data: TEXT, json: FLAG }, 0);
  const config = installedConfig(values.data);
  const { dataFolder } = config;
  if (config.databaseUrl === undefined) throw new UsageError('database.url is not set');
  const records = SqliteStore.open(recordsPath(dataFolder), { create: false });
  const path = accessPath(dataFolder);
  const access = existsSync(path) ? AccessFile.open(path) : undefined;
  const database = await openDatabase(config);
  try {
    const copied = await adopt(database!, { records, access });
    await auditOperator(dataFolder, { kind: 'records-moved', ...copied });
    if (values.json) io.stdout(JSON.stringify(copied) + '\n');
    else io.stdout(`${copied.ledger} records of the ledger, ${copied.audit} of the audit trail\n`);
    return EXIT.ok;
  } finally {
    await database?.close();
    access?.close();
    records.close();
  }
}
