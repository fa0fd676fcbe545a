/** `gatehouse restore`: a data folder out of a backup. */
import { basename, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { MIGRATIONS, newestFormat } from '../server/core/data/migrations.ts';
import { putBack } from '../server/core/data/put-back.ts';
import { VERSION } from '../server/core/version.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from './command.ts';
import { requireOwner } from './owner.ts';
import { auditOperator } from './records.ts';
import { dataFolder } from './settings.ts';

export const help = `Usage: gatehouse restore BACKUP [--data DIR] [--json]

Checks every file of a folder that "gatehouse backup" has made, and makes a data folder of it, which must be
empty or not there. The audit trail says so. Run it as the user of the server, which must not run.
"gatehouse data restore" is for going back to an older program.

  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals: [backup] } = readArgs(args, { data: TEXT, json: FLAG }, 1);
  if (backup === undefined) throw new UsageError('restore needs one backup');
  const folder = dataFolder(values.data);
  if (existsSync(folder)) await requireOwner(folder);
  const newest = newestFormat(MIGRATIONS);
  const { files, format } = await putBack(resolve(backup), folder, { newest, program: VERSION });
  // a trail of an older format only the server may write to, once it has migrated it
  if (format === newest) {
    const event = { kind: 'data-restored', backup: basename(backup), kept: null } as const;
    await auditOperator(folder, event);
  }
  if (values.json) io.stdout(JSON.stringify({ restored: backup, folder, files, format }) + '\n');
  else io.stdout(table([['restored', backup], ['to', folder], ['files', String(files)]]));
  return EXIT.ok;
}
