/** `gatehouse backup`: a copy of everything this installation would be lost without. */
import { basename, resolve, sep } from 'node:path';
import { saveDataFolder } from '../server/core/data/save.ts';
import { databaseOf } from '../server/core/store/open-store.ts';
import { isProtected, keyFilesIn } from '../server/core/keys/key-files.ts';
import { readConfig } from '../server/core/config/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from './command.ts';
import { keyPlace } from './keys/folder.ts';
import { requireOwner } from './owner.ts';
import { auditOperator } from './records.ts';
import { installedConfig } from './settings.ts';

export const help = `Usage: gatehouse backup DIR [--data DIR] [--json]

Copies the data folder into a new folder DIR, while the server runs: private keys as they are kept, trust
store, model packs, access file, ledger and audit trail, with SHA256SUMS over all of it. Run it as the user
of the server. The passphrase of the keys is not in it unless its file is in the data folder. "gatehouse
restore" makes a data folder of it again.

  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals: [into] } = readArgs(args, { data: TEXT, json: FLAG }, 1);
  if (into === undefined) throw new UsageError('backup needs the folder to make');
  const { data, folder } = keyPlace(values.data);
  await requireOwner(data);
  // before the copy, so that the copy says that it was made
  await auditOperator(data, { kind: 'data-saved', backup: basename(into) });
  const saved = await saveDataFolder(data, resolve(into));
  const outside = filesOutside(data, values.data);
  const unprotected = (await keyFilesIn(folder)).filter((path) => !isProtected(path));
  if (values.json) {
    io.stdout(JSON.stringify({ backup: into, ...saved, outside }) + '\n');
  } else {
    io.stdout(table([
      ['written', into],
      ['files', String(saved.files)],
      ['bytes', String(saved.bytes)],
      ['SHA-256', saved.sha256],
      ...outside.map((path, i) => [i === 0 ? 'not in it' : '', path]),
    ]));
  }
  if (unprotected.length > 0) {
    io.stderr('its private keys are in the clear: "gatehouse keys encrypt" before the next one\n');
  }
  return EXIT.ok;
}

/** What the settings name that is not in the data folder, for the operator to save: files, a database. */
function filesOutside(data: string, named: string | undefined): string[] {
  const config = installedConfig(named);
  const { file } = readConfig({ env: process.env, options: { dataFolder: named } });
  const paths = [
    file,
    config.licenceFile,
    ...config.licenceKeys,
    config.docvalClients,
    config.tlsCert,
    config.tlsKey,
    config.tlsClientCa,
    config.pack,
    ...config.packKeys,
  ];
  const outside = paths.filter((path) => path !== undefined)
    .map((path) => resolve(path))
    .filter((path) => !path.startsWith(resolve(data) + sep));
  const database = databaseOf(config);
  return database === undefined ? outside : [...outside, database.name];
}
