/** `gatehouse models list`: the networks of the pack in use, and the packs installed beside it. */
import { join } from 'node:path';
import { listPacks, openPack, type Pack } from '../../models/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT } from '../command.ts';
import { choosePack } from '../pack-choice.ts';
import { reportProgress } from '../progress.ts';
import { installedConfig } from '../settings.ts';

export const help = `Usage: gatehouse models list [--pack PATH] [--data DIR] [--cards] [--json]

Lists the networks of the pack in use and the packs installed in the data folder.

  --pack PATH  a pack folder or .gpack file instead of the default pack
  --data DIR   the data folder; default data.folder of the configuration
  --cards      the model cards in full
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { pack: TEXT, data: TEXT, cards: FLAG, json: FLAG }, 0);
  const config = installedConfig(values.data);
  const { path, trust } = await choosePack(values.pack, reportProgress(io), config);
  const pack = await openPack(path, trust);
  const installed = await listPacks(join(config.dataFolder, 'packs'));
  const { name, version, networks } = pack.manifest;
  if (values.json) {
    const found = installed.map((entry) =>
      entry.status === 'readable'
        ? { path: entry.path, status: entry.status, id: entry.id }
        : { path: entry.path, status: entry.status, error: entry.error.code }
    );
    io.stdout(JSON.stringify({ id: pack.id, name, version, networks, installed: found }) + '\n');
    return EXIT.ok;
  }
  io.stdout(`${name} ${version}  ${pack.id.slice(0, 16)}\n\n`);
  io.stdout(table([
    ['network', 'task', 'precision', 'MB', 'from', 'licence'],
    ...networks.map((network) => [
      network.id,
      network.task,
      network.precision,
      (sizeOf(pack, network.file) / 1e6).toFixed(1),
      `${network.origin.package} ${network.origin.version}`,
      network.origin.licence,
    ]),
  ]));
  if (installed.length > 0) {
    io.stdout(
      '\ninstalled\n' + table(
        installed.map((entry) => [
          entry.path,
          entry.status === 'readable' ? entry.id.slice(0, 16) : entry.error.message,
        ]),
      ),
    );
  }
  if (values.cards) {
    const cards = pack.manifest.files.map(({ path }) => path)
      .filter((path) => path.startsWith('cards/') || networks.some(({ card }) => card === path));
    for (const card of cards) {
      io.stdout('\n' + new TextDecoder().decode(await pack.read(card)));
    }
  }
  return EXIT.ok;
}

function sizeOf(pack: Pack, path: string): number {
  return pack.manifest.files.find((file) => file.path === path)?.bytes ?? 0;
}
