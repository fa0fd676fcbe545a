/** `gatehouse keys encrypt`: encrypts the private keys that are kept in the clear. */
import { readPassphrase } from '../../server/core/keys/passphrase.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from '../command.ts';
import { auditOperator } from '../records.ts';
import { keyPlace } from './folder.ts';
import { protectAll } from './protect.ts';

export const help = `Usage: gatehouse keys encrypt [--passphrase FILE] [--data DIR] [--json]

Encrypts all private keys of the data folder under the passphrase of the settings: keys.passphrase_file,
GATEHOUSE_KEYS_PASSPHRASE_FILE, or the systemd credential gatehouse.passphrase; or under the PKCS #11 token of
the settings, keys.pkcs11_module. The server needs it from its next start on. Losing it is losing the keys.

  --passphrase FILE  file with the passphrase that they are under now, closed to others (mode 0600), if it is
                     not that of the settings
  --data DIR         the data folder; default data.folder of the configuration
  --json             one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { passphrase: TEXT, data: TEXT, json: FLAG }, 0);
  const old = values.passphrase === undefined ? [] : [readPassphrase(values.passphrase)];
  const { data, folder, open } = keyPlace(values.data);
  const { passphrase } = await open(old.length > 0 ? 'convert' : 'make');
  if (passphrase === undefined) {
    throw new UsageError('keys encrypt needs a passphrase: set GATEHOUSE_KEYS_PASSPHRASE_FILE');
  }
  await auditOperator(data, { kind: 'keys-changed', change: 'passphrase' });
  const encrypted = await protectAll(folder, [passphrase, ...old], passphrase);
  if (values.json) io.stdout(JSON.stringify({ encrypted }) + '\n');
  else io.stdout(encrypted.map((file) => `encrypted ${file}\n`).join(''));
  return EXIT.ok;
}
