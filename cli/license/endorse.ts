/** `gatehouse license endorse`: says that keys of a reseller may sign licences. */
import {
  ENDORSEMENT_TYPE,
  EndorsementSchema,
  readVendorKeys,
} from '../../server/core/licence/vendor-keys.ts';
import { type CommandIo, EXIT, readArgs, TEXT, UsageError } from '../command.ts';
import { readVendorKey, signAsVendor } from './vendor-key.ts';

export const help =
  `Usage: gatehouse license endorse PUBLIC_KEY... --key FILE --name RESELLER [--out FILE]

Signs public keys of a reseller. A program that was built with the vendor's key takes licences of the
reseller when licence.keys names the file that this writes.

  --key FILE   private key of the vendor
  --name NAME  whose keys they are
  --out FILE   where to write; default the standard output
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { key: TEXT, name: TEXT, out: TEXT });
  if (positionals.length === 0) throw new UsageError('endorse needs public keys in PEM');
  const keys: string[] = [];
  for (const path of positionals) {
    const found = await readVendorKeys(await Bun.file(path).text(), path);
    if (found.size === 0) throw new UsageError(`${path}: no Ed25519 public key in PEM`);
    for (const key of found.values()) {
      keys.push(key.export({ type: 'spki', format: 'pem' }) as string);
    }
  }
  const endorsement = EndorsementSchema.safeParse({ name: values.name, keys });
  if (!endorsement.success) throw new UsageError('endorse needs --name');
  const key = await readVendorKey(values.key);
  const token = await signAsVendor(key, endorsement.data, ENDORSEMENT_TYPE) + '\n';
  if (values.out === undefined) io.stdout(token);
  else await Bun.write(values.out, token);
  return EXIT.ok;
}
