/** `gatehouse keys passphrase`: changes the passphrase of the private keys. */
import { rm } from 'node:fs/promises';
import { tokenSecretPath } from '../../server/core/keys/token-secret.ts';
import { readPassphrase } from '../../server/core/keys/passphrase.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from '../command.ts';
import { auditOperator } from '../records.ts';
import { keyFolder } from './folder.ts';
import { protectAll } from './protect.ts';

export const help = `Usage: gatehouse keys passphrase --new FILE [--data DIR] [--json]

Puts all private keys of the data folder under the passphrase in FILE. Put it in the place of the old one
afterwards; where they were under a PKCS #11 token, take keys.pkcs11_* out of the settings. A running server
keeps the keys it has opened. Should it be cut off, run it again.

  --new FILE  file with the new passphrase, closed to others (mode 0600), at least 12 characters
  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { new: TEXT, data: TEXT, json: FLAG }, 0);
  if (values.new === undefined) throw new UsageError('keys passphrase needs --new FILE');
  const next = readPassphrase(values.new);
  const { data, folder, protection: { passphrase } } = await keyFolder(values.data);
  const known = passphrase === undefined ? [next] : [passphrase, next];
  await auditOperator(data, { kind: 'keys-changed', change: 'passphrase' });
  const encrypted = await protectAll(folder, known, next);
  // nothing is under it any more
  await rm(tokenSecretPath(folder), { force: true });
  if (values.json) io.stdout(JSON.stringify({ encrypted }) + '\n');
  else io.stdout(encrypted.map((file) => `encrypted ${file}\n`).join(''));
  return EXIT.ok;
}
