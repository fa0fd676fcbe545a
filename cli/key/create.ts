/** `gatehouse key create`: makes a key for a client. */
import { newKey } from '../../server/core/access/key-format.ts';
import { KEY_NAME } from '../../server/core/access/key-store.ts';
import { SCOPES } from '../../server/core/access/scopes.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { auditOperator } from '../records.ts';
import { issueEvent, printIssued, withKeys } from './keys.ts';
import { readExpiry, readRateOption, readScopes } from './terms.ts';

export const help = `Usage: gatehouse key create --name NAME --scopes SCOPE,... [options]

Makes an API key and prints it, once. A running server knows it at once.

  --name NAME     the client, as logs call it: 1 to 64 of A-Z a-z 0-9 . _ -
  --scopes LIST   what it opens, separated by commas
  --rate RATE     calls in a time, such as 50/s, 600/min, 10000/h; default any number
  --expires DATE  the first moment it is not good any more, such as 2027-06-01 (UTC); default never
  --data DIR      the data folder; default data.folder of the configuration
  --json          one JSON object instead of text

Scopes
${table(Object.entries(SCOPES).map(([scope, opens]) => [`  ${scope}`, opens]))}`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    name: TEXT,
    scopes: TEXT,
    rate: TEXT,
    expires: TEXT,
    data: TEXT,
    json: FLAG,
  }, 0);
  const { name, scopes, rate, expires } = values;
  if (name === undefined || !KEY_NAME.test(name)) {
    throw new UsageError('key create needs --name, 1 to 64 of A-Z a-z 0-9 . _ -');
  }
  if (scopes === undefined) throw new UsageError('key create needs --scopes');
  const nowMs = Date.now();
  const terms = {
    name,
    scopes: readScopes(scopes),
    rate: rate === undefined ? undefined : readRateOption(rate),
    expiresMs: expires === undefined ? undefined : readExpiry(expires, nowMs),
  };
  const key = newKey();
  const issued = await withKeys(values.data, async (keys, data) => {
    await auditOperator(data, issueEvent(key.id, terms, null));
    return await keys.create(terms, nowMs, key);
  });
  printIssued(issued, values.json, io);
  return EXIT.ok;
}
