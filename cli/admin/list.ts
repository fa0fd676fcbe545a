/** `gatehouse admin list`: who may log in to the console. */
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT } from '../command.ts';
import { withAdmins } from './admins.ts';

export const help = `Usage: gatehouse admin list [--data DIR] [--json]

Lists the administrators, when their credentials were set, and how many passkeys each has.

  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON array instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { data: TEXT, json: FLAG }, 0);
  const admins = await withAdmins(
    values.data,
    async (admins, _, passkeys) =>
      await Promise.all(
        (await admins.list()).map(async ({ name, changedMs }) => ({
          name,
          changed: new Date(changedMs).toISOString(),
          passkeys: (await passkeys.list(name)).length,
        })),
      ),
  );
  if (values.json) io.stdout(JSON.stringify(admins) + '\n');
  else if (admins.length === 0) {
    io.stderr('no administrators yet: "gatehouse admin create" adds one\n');
  } else {
    io.stdout(table([
      ['name', 'changed', 'passkeys'],
      ...admins.map(({ name, changed, passkeys }) => [name, changed, String(passkeys)]),
    ]));
  }
  return EXIT.ok;
}
