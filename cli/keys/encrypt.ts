/** `gatehouse keys encrypt`: encrypts the private keys that are kept in the clear. */
import { type CommandIo, EXIT, readArgs, UsageError } from '../command.ts';
import { auditOperator } from '../records.ts';
import { keyFolder } from './folder.ts';
import { protectAll } from './protect.ts';

export const help = `Usage: gatehouse keys encrypt [--data DIR] [--json]

Encrypts all private keys of the data folder under the passphrase of the settings: keys.passphrase_file,
GATEHOUSE_KEYS_PASSPHRASE_FILE, or the systemd credential gatehouse.passphrase. The server needs it from
its next start on. Losing it is losing the keys.

  --data DIR  the data folder; default that of the settings
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  }, 0);
  const { data, folder, protection: { passphrase } } = keyFolder(values.data);
  if (passphrase === undefined) {
    throw new UsageError('keys encrypt needs a passphrase: set GATEHOUSE_KEYS_PASSPHRASE_FILE');
  }
  await auditOperator(data, { kind: 'keys-changed', change: 'passphrase' });
  const encrypted = await protectAll(folder, [passphrase], passphrase);
  if (values.json) io.stdout(JSON.stringify({ encrypted }) + '\n');
  else io.stdout(encrypted.map((file) => `encrypted ${file}\n`).join(''));
  return EXIT.ok;
}
