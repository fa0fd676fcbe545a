/** `gatehouse models export`: a pack as one file, signed if wanted. */
import { resolve } from 'node:path';
import { exportPack } from '../../models/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { choosePack } from '../pack-choice.ts';
import { reportProgress } from '../progress.ts';
import { readSigningKey } from './signing-key.ts';

export const help = `Usage: gatehouse models export FILE [--pack PATH] [--sign KEY] [--json]

Checks a pack and writes it as one .gpack file, for "gatehouse models import" or "serve --pack".

  --pack PATH  a pack folder or .gpack file instead of the pack in use
  --sign KEY   sign it with this Ed25519 private key (PEM), as "openssl genpkey -algorithm ed25519"
               makes it
  --json       one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { pack: TEXT, sign: TEXT, json: FLAG });
  if (positionals.length !== 1) throw new UsageError('export needs one file to write');
  const key = values.sign === undefined ? undefined : await readSigningKey(values.sign);
  const { path } = await choosePack(values.pack, reportProgress(io));
  const file = resolve(positionals[0]);
  const { id, manifest } = await exportPack(path, file, key);
  const result = { id, name: manifest.name, version: manifest.version, signed: !!key, file };
  if (values.json) io.stdout(JSON.stringify(result) + '\n');
  else io.stdout(table(Object.entries(result).map(([name, value]) => [name, String(value)])));
  return EXIT.ok;
}
