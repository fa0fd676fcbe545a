/** `gatehouse models import`: checks a pack and installs it in the data folder. */
import { join } from 'node:path';
import { importPack } from '../models/mod.ts';
import { type CommandIo, EXIT, readArgs, table, UsageError } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { readTrust, TRUST_HELP, TRUST_OPTIONS } from './pack-trust.ts';

export const help = `Usage: gatehouse models import PACK [options]

Checks a pack folder or .gpack file and copies it into the data folder. The server uses it when it is
started with --pack and the printed path.

  --data DIR           the data folder; default GATEHOUSE_DATA or ./data
${TRUST_HELP}`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    ...TRUST_OPTIONS,
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (positionals.length !== 1) throw new UsageError('import needs one pack folder or .gpack file');
  const packs = join(dataFolder(values.data), 'packs');
  const pack = await importPack(positionals[0], packs, await readTrust(values));
  const { name, version } = pack.manifest;
  const path = join(packs, `${name}-${version}`);
  const result = { id: pack.id, name, version, signed: pack.signed, path };
  if (values.json) io.stdout(JSON.stringify(result) + '\n');
  else io.stdout(table(Object.entries(result).map(([key, value]) => [key, String(value)])));
  return EXIT.ok;
}
