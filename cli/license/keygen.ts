/** `gatehouse license keygen`: the key pair that a vendor signs licences with. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { vendorKeyId } from '../../server/core/licence/vendor-keys.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, UsageError } from '../command.ts';

export const help = `Usage: gatehouse license keygen FILE [--json]

Makes an Ed25519 key pair: FILE is the private key (PEM, for its owner alone), FILE.pub the public one,
which installations need. Neither may be there already.
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { json: FLAG }, 1);
  const [file] = positionals;
  if (file === undefined) throw new UsageError('keygen needs a file to write');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
    flag: 'wx',
  });
  await writeFile(`${file}.pub`, publicKey.export({ type: 'spki', format: 'pem' }), { flag: 'wx' });
  const result = { key: await vendorKeyId(publicKey), private: file, public: `${file}.pub` };
  io.stdout(values.json ? JSON.stringify(result) + '\n' : table(Object.entries(result)));
  return EXIT.ok;
}
