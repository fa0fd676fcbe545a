/** `gatehouse data restore`. */
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from '../command.ts';
import { requireOwner } from '../owner.ts';
import { auditOperator } from '../records.ts';
import { dataFolder } from '../settings.ts';
import { restoreBackup } from '../../server/core/data/backups.ts';
import { readMark } from '../../server/core/data/mark.ts';
import { MIGRATIONS, newestFormat } from '../../server/core/data/migrations.ts';
import { VERSION } from '../../server/core/version.ts';

export const help = `Usage: gatehouse data restore BACKUP [--data DIR] [--json]

Puts a backup in the place of the data, which is kept as a backup itself. Stop the server first, and run
this as the user of the server. "gatehouse data status" lists the backups.

  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals: [name, ...more] } = readArgs(args, { data: TEXT, json: FLAG });
  if (name === undefined || more.length > 0) throw new UsageError('restore needs one backup');
  const folder = dataFolder(values.data);
  await requireOwner(folder);
  const options = { newest: newestFormat(MIGRATIONS), program: VERSION, at: new Date() };
  const kept = await restoreBackup(folder, name, options);
  const { format } = (await readMark(folder))!;
  // data of an older format has a trail that only the older program may write to
  if (format === options.newest) {
    await auditOperator(folder, { kind: 'data-restored', backup: name, kept });
  }
  if (values.json) io.stdout(JSON.stringify({ restored: name, kept }) + '\n');
  else io.stdout(`${name} is back in its place; the data of before is the backup ${kept}\n`);
  return EXIT.ok;
}
