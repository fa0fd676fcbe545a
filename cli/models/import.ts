/** `gatehouse models import`: installs a pack, or extends one by published networks, in the data folder. */
import { join } from 'node:path';
import { importNetworks, importPack, openPack, type Pack } from '../../models/mod.ts';
import { requireDataFolder } from '../../server/core/data/folder.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { choosePack } from '../pack-choice.ts';
import { readTrust, TRUST_HELP, TRUST_OPTIONS } from '../pack-trust.ts';
import { reportProgress } from '../progress.ts';
import { installedConfig } from '../settings.ts';

export const help = `Usage: gatehouse models import PACK [options]
       gatehouse models import FILE.pth FILE.onnx ... [--pack PATH] [options]

Checks a pack folder or .gpack file and copies it into the data folder. The server uses it when it is
started with --pack and the printed path.

With network files, makes a new pack of the pack in use and these networks, and installs that. Known
are, by their SHA-256: MiniFASNetV2 and MiniFASNetV1SE (.pth or .onnx; presentation attack detection)
and yunet_n_320_320.onnx, yunet_n_640_640.onnx (face detection). The new pack is not signed; "models
export --sign" signs it.

  --pack PATH          extend this pack folder or .gpack file instead of the pack in use
  --data DIR           the data folder; default data.folder of the configuration
${TRUST_HELP}`;

const NETWORK_FILE = /\.(?:pth|onnx)$/i;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    ...TRUST_OPTIONS,
    pack: TEXT,
    data: TEXT,
    json: FLAG,
  });
  const config = installedConfig(values.data);
  await requireDataFolder(config.dataFolder);
  const packs = join(config.dataFolder, 'packs');
  const trust = await readTrust(values, config);
  let pack: Pack;
  if (positionals.length > 0 && positionals.every((path) => NETWORK_FILE.test(path))) {
    const { path } = await choosePack(values.pack, reportProgress(io), config);
    pack = await importNetworks(await openPack(path, trust), positionals, packs);
  } else {
    if (positionals.length !== 1 || values.pack !== undefined) {
      throw new UsageError('import needs one pack folder or .gpack file, or .pth and .onnx files');
    }
    pack = await importPack(positionals[0], packs, trust);
  }
  const { name, version, networks } = pack.manifest;
  const path = join(packs, `${name}-${version}`);
  const result = { id: pack.id, name, version, signed: pack.signed, path };
  if (values.json) {
    io.stdout(JSON.stringify({ ...result, networks: networks.map(({ id }) => id) }) + '\n');
  } else {
    io.stdout(table([
      ...Object.entries(result).map(([key, value]) => [key, String(value)]),
      ...networks.map(({ id, task }, i) => [i === 0 ? 'networks' : '', `${id} (${task})`]),
    ]));
  }
  return EXIT.ok;
}
