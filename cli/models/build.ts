/** `gatehouse models build`: the default pack from the weights inside the installed npm packages. */
import { resolve } from 'node:path';
import { buildDefaultPack, exportPack } from '../../models/mod.ts';
import { DEFAULT_PACK, IS_COMPILED } from '../../server/core/model-pack.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { reportProgress } from '../progress.ts';

export const help = `Usage: gatehouse models build [--out DIR] [--archive FILE] [--json]

Builds the default pack from the weights inside the installed npm packages. Nothing is done when the
pack is there already and all its hashes hold. The result is the same to the byte on every machine.

  --out DIR       build here instead of the folder the server uses
  --archive FILE  also write the pack as one .gpack file
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { out: TEXT, archive: TEXT, json: FLAG }, 0);
  if (IS_COMPILED) {
    throw new UsageError('this program carries its pack; build packs in a source checkout');
  }
  const folder = resolve(values.out ?? DEFAULT_PACK);
  const pack = await buildDefaultPack({ outDir: folder, onProgress: reportProgress(io) });
  if (values.archive !== undefined) await exportPack(folder, resolve(values.archive));
  const bytes = pack.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  if (values.json) io.stdout(JSON.stringify({ id: pack.id, folder, bytes }) + '\n');
  else {
    io.stdout(
      table([['pack', pack.id], ['folder', folder], ['size', `${(bytes / 1e6).toFixed(1)} MB`]]),
    );
  }
  return EXIT.ok;
}
