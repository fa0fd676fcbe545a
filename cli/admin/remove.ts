/** `gatehouse admin remove`: takes an administrator away. */
import { type CommandIo, EXIT, FLAG, readArgs, TEXT } from '../command.ts';
import { auditOperator } from '../records.ts';
import { readName, withAdmins } from './admins.ts';

export const help = `Usage: gatehouse admin remove NAME [--data DIR] [--json]

Takes an administrator away, with their passkeys, and ends their sessions. Exit code 1 when there is none of that name.

  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { data: TEXT, json: FLAG }, 1);
  const name = readName('remove', positionals[0]);
  const removed = await withAdmins(values.data, async (admins, data) => {
    if (!await admins.has(name)) return false;
    await auditOperator(data, { kind: 'admin-changed', admin: name, change: 'removed' });
    return await admins.remove(name);
  });
  if (values.json) io.stdout(JSON.stringify({ name, removed }) + '\n');
  else if (removed) io.stdout(`removed ${name}\n`);
  else io.stderr(`there is no administrator ${name}\n`);
  return removed ? EXIT.ok : EXIT.negative;
}
