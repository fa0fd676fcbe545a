/** `gatehouse key rotate`: replaces a key while its client changes over. */
import { newKey } from '../../server/core/access/key-format.ts';
import { keyStatus, renewedTerms } from '../../server/core/access/key-store.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from '../command.ts';
import { auditOperator } from '../records.ts';
import { issueEvent, printIssued, withKeys } from './keys.ts';
import { readDuration, readExpiry } from './terms.ts';

export const help = `Usage: gatehouse key rotate ID|NAME [--overlap TIME] [--expires DATE] [options]

Makes a key with the name, scopes and rate of another and prints it, once. The old key stays good for
the overlap, unless it expires before.

  --overlap TIME  how long, such as 12h or 30d, or 0 for no overlap; default 7d
  --expires DATE  the first moment the new key is not good any more (UTC); default as long from now as
                  the old one was made for
  --data DIR      the data folder; default data.folder of the configuration
  --json          one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    overlap: { type: 'string', default: '7d' },
    expires: TEXT,
    data: TEXT,
    json: FLAG,
  }, 1);
  const [wanted] = positionals;
  if (wanted === undefined) throw new UsageError('key rotate needs the id or the name of a key');
  const nowMs = Date.now();
  const overlapMs = readDuration('--overlap', values.overlap);
  const expiresMs = values.expires === undefined ? undefined : readExpiry(values.expires, nowMs);
  const issued = await withKeys(values.data, async (keys, data) => {
    const valid = (await keys.matching(wanted)).filter((entry) =>
      keyStatus(entry, nowMs) === 'valid'
    );
    if (valid.length > 1) {
      throw new UsageError(`${wanted} has ${valid.length} keys: name one by its id`);
    }
    const [old] = valid;
    if (old === undefined) return undefined;
    const key = newKey();
    const renewed = renewedTerms(old, nowMs);
    const terms = { ...renewed, expiresMs: expiresMs ?? renewed.expiresMs };
    await auditOperator(data, issueEvent(key.id, terms, old.id));
    return await keys.replace(old, terms, overlapMs, nowMs, key);
  });
  if (issued === undefined) {
    io.stderr('no key of that id or name is in force\n');
    return EXIT.negative;
  }
  printIssued(issued, values.json, io);
  return EXIT.ok;
}
