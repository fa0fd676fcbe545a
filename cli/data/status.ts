/** `gatehouse data status`. */
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT } from '../command.ts';
import { dataFolder } from '../settings.ts';
import { listBackups } from '../../server/core/data/backups.ts';
import { readMark } from '../../server/core/data/mark.ts';
import { MIGRATIONS, newestFormat } from '../../server/core/data/migrations.ts';

export const help = `Usage: gatehouse data status [--data DIR] [--json]

Shows the format of the data folder, the newest format this program reads, and the backups that were made
before the format changed.

  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { data: TEXT, json: FLAG }, 0);
  const folder = dataFolder(values.data);
  const mark = await readMark(folder);
  const backups = await listBackups(folder);
  const newest = newestFormat(MIGRATIONS);
  if (values.json) {
    io.stdout(JSON.stringify({ folder, mark: mark ?? null, newest, backups }) + '\n');
  } else {
    io.stdout(table([
      ['folder', folder],
      ['format', mark === undefined ? 'nothing is kept there yet' : String(mark.format)],
      ...(mark === undefined ? [] : [['written by', mark.writtenBy]]),
      ...(mark?.unfinished === undefined ? [] : [['unfinished', mark.unfinished]]),
      ['newest', String(newest)],
      ...backups.map(({ name }, i) => [i === 0 ? 'backups' : '', name]),
    ]));
  }
  return EXIT.ok;
}
