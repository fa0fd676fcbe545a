/** `gatehouse key list`: which keys there are; their texts nobody has. */
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT } from '../command.ts';
import { printedKey, withKeys } from './keys.ts';

export const help = `Usage: gatehouse key list [--data DIR] [--json]

Lists the API keys, the oldest first, with those that are expired or revoked.

  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON array instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { data: TEXT, json: FLAG }, 0);
  const nowMs = Date.now();
  const keys = await withKeys(
    values.data,
    async (keys) => (await keys.list()).map((entry) => printedKey(entry, nowMs)),
  );
  if (values.json) io.stdout(JSON.stringify(keys) + '\n');
  else if (keys.length === 0) io.stderr('no keys yet: "gatehouse key create" makes one\n');
  else {
    io.stdout(table([
      ['id', 'name', 'status', 'scopes', 'rate', 'created', 'expires'],
      ...keys.map(({ id, name, status, scopes, rate, created, expires }) => [
        id,
        name,
        status,
        scopes.join(','),
        rate ?? 'any',
        created,
        expires ?? 'never',
      ]),
    ]));
  }
  return EXIT.ok;
}
