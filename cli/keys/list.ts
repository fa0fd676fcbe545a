/** `gatehouse keys list`: which private keys there are, and which were retired. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ServerError } from '../../server/core/errors.ts';
import { isProtected, keyFilesIn } from '../../server/core/keys/key-files.ts';
import { findSigningKey } from '../../server/core/keys/signing-key.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT } from '../command.ts';
import { keyPlace } from './folder.ts';

export const help = `Usage: gatehouse keys list [--data DIR] [--json]

Lists the private keys of the data folder, whether they are encrypted, and the retired signing keys
whose public halves are kept for checking old results.

  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { data: TEXT, json: FLAG }, 0);
  const { folder, open } = keyPlace(values.data);
  const files = await Promise.all((await keyFilesIn(folder)).map(async (path) => ({
    file: basename(path),
    encrypted: isProtected(path),
    since: (await stat(path)).mtime.toISOString(),
  })));
  // one that does not open is listed all the same
  const signing = await open('read').then((protection) => findSigningKey(folder, protection))
    .catch(unlessRefused);
  const retired = (signing?.retired ?? []).map(({ kid, retiredMs }) => ({
    kid,
    retired: new Date(retiredMs).toISOString(),
  }));
  if (values.json) io.stdout(JSON.stringify({ folder, files, retired }) + '\n');
  else if (files.length === 0) io.stderr(`no keys in ${folder} yet: the first start makes them\n`);
  else {
    io.stdout(table([
      ['file', 'kept', 'since'],
      ...files.map(({ file, encrypted, since }) => [
        file,
        encrypted ? 'encrypted' : 'in the clear',
        since,
      ]),
      ...retired.map(({ kid, retired }) => [kid, 'retired, public half only', retired]),
    ]));
  }
  return EXIT.ok;
}

function unlessRefused(error: unknown): undefined {
  if (!(error instanceof ServerError)) throw error;
}
