/** `gatehouse key revoke`: ends keys at once. */
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from '../command.ts';
import { auditOperator } from '../records.ts';
import { withKeys } from './keys.ts';

export const help = `Usage: gatehouse key revoke ID|NAME [--data DIR] [--json]

Ends one key, or all keys of a client. A running server refuses them from the next request on.
Exit code 1 when there was none to end.

  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { data: TEXT, json: FLAG }, 1);
  const [wanted] = positionals;
  if (wanted === undefined) throw new UsageError('key revoke needs the id or the name of a key');
  const nowMs = Date.now();
  const revoked = await withKeys(values.data, async (keys, data) => {
    const ids = (await keys.matching(wanted)).filter(({ revokedMs }) => revokedMs === undefined)
      .map(({ id }) => id);
    if (ids.length > 0) await auditOperator(data, { kind: 'api-keys-revoked', ids });
    const revoked: string[] = [];
    for (const id of ids) if (await keys.revoke(id, nowMs)) revoked.push(id);
    return revoked;
  });
  if (values.json) io.stdout(JSON.stringify({ revoked }) + '\n');
  else if (revoked.length === 0) io.stderr('no key of that id or name is in force\n');
  else io.stdout(`revoked ${revoked.join(', ')}\n`);
  return revoked.length > 0 ? EXIT.ok : EXIT.negative;
}
