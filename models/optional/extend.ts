/**
 * Extends a pack by published networks that it may not carry itself: recognises their files, converts
 * what is not ONNX, and makes a new pack of the old networks and the new ones.
 */
import { basename } from 'node:path';
import { emitOnnx } from '../convert/emit/mod.ts';
import { readMiniFasNet } from '../convert/minifasnet.ts';
import { PackError } from '../errors.ts';
import { sha256Hex } from '../hash.ts';
import { installPack } from '../install.ts';
import { type Manifest, ManifestSchema, type Network } from '../manifest.ts';
import { MemoryStorage } from '../memory.ts';
import type { Pack } from '../pack.ts';
import { MANIFEST_FILE } from '../reader.ts';
import padCalibration from './calibration-pad.json' with { type: 'json' };
import { CARDS, LICENCE_TEXT } from './cards.ts';
import { KNOWN_FILES, type KnownFile } from './known-files.ts';
import { optionalNetwork } from './networks.ts';

/** The largest known file has 1.9 MB; nothing larger is read. */
const MAX_FILE_BYTES = 16e6;

const LICENCE_PATH = 'licences/apache-2.0.txt';

/** The pack and the PAD networks that `calibration-pad.json`, committed beside this module, was made with. */
const CALIBRATED = { base: 'default', networks: ['minifasnet-v2', 'minifasnet-v1se'] };
const CALIBRATION_PATH = 'calibration/pad.json';

/**
 * Installs `base` together with the networks in `files` as a pack of its own. Its name says what it
 * extends and carries a hash of its content, so that other files or another base give another pack. It is
 * not signed. The liveness calibration stays that of the base, which knows nothing of the new networks,
 * unless the default pack is given both MiniFASNets, for which there is one.
 * @param base stays as it is
 * @param files paths of files listed in `KNOWN_FILES`
 * @param intoFolder the folder of installed packs
 * @throws PackError SOURCE_MISSING, SOURCE_UNKNOWN, SOURCE_HASH_MISMATCH, CONVERSION_UNSUPPORTED, and
 *   PACK_MALFORMED when two files, or a file and the base, are the same network
 */
export async function importNetworks(
  base: Pack,
  files: readonly string[],
  intoFolder: string,
): Promise<Pack> {
  const content = new Map<string, Uint8Array>();
  for (const { path } of base.manifest.files) content.set(path, await base.read(path));
  content.set(LICENCE_PATH, new TextEncoder().encode(LICENCE_TEXT));
  const added: Network[] = [];
  for (const path of files) {
    const bytes = await readSource(path);
    const known = recognised(path, bytes);
    const { network: id } = known;
    if ([...base.manifest.networks, ...added].some((network) => network.id === id)) {
      throw new PackError('PACK_MALFORMED', `${path}: the pack has a network ${id} already`);
    }
    const file = `networks/${id}.onnx`, card = `cards/${id}.md`;
    content.set(file, known.form === 'onnx' ? bytes : convert(id, bytes));
    content.set(card, new TextEncoder().encode(CARDS[id]));
    const { name, sha256, origin } = known;
    added.push({
      ...optionalNetwork(known),
      file,
      card,
      precision: 'fp32',
      origin: { ...origin, licenceText: LICENCE_PATH, sources: [{ path: name, sha256 }] },
    });
  }
  const networks = [...base.manifest.networks, ...added];
  const calibration = { ...base.manifest.calibration };
  if (isCalibrated(base.manifest.name, networks)) {
    const text = `${JSON.stringify(padCalibration, null, 2)}\n`;
    if (calibration.pad !== undefined) content.delete(calibration.pad);
    content.set(CALIBRATION_PATH, new TextEncoder().encode(text));
    calibration.pad = CALIBRATION_PATH;
  }
  const manifest = manifestOf(base.manifest, { networks, calibration }, added, content);
  content.set(MANIFEST_FILE, new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`));
  return await installPack(new MemoryStorage(content), intoFolder);
}

async function readSource(path: string): Promise<Uint8Array> {
  const file = Bun.file(path);
  const isFile = await file.stat().then((stat) => stat.isFile(), () => false);
  if (!isFile) throw new PackError('SOURCE_MISSING', `there is no file at ${path}`);
  if (file.size > MAX_FILE_BYTES) {
    throw new PackError('SOURCE_UNKNOWN', `${path} is larger than any file known here`);
  }
  return await file.bytes();
}

function recognised(path: string, bytes: Uint8Array): KnownFile {
  const sha256 = sha256Hex(bytes);
  const known = KNOWN_FILES.find((file) => file.sha256 === sha256);
  if (known !== undefined) return known;
  const sameName = KNOWN_FILES.find((file) => file.name === basename(path));
  if (sameName !== undefined) {
    throw new PackError(
      'SOURCE_HASH_MISMATCH',
      `${path} has SHA-256 ${sha256}, the published file has ${sameName.sha256}`,
    );
  }
  throw new PackError(
    'SOURCE_UNKNOWN',
    `${path} is none of the files known here (${
      KNOWN_FILES.map(({ name }) => name).join(', ')
    }); import another network as a pack folder with a manifest`,
  );
}

function convert(id: string, pth: Uint8Array): Uint8Array {
  return emitOnnx(readMiniFasNet(id, pth), { batch: 1 });
}

function isCalibrated(baseName: string, networks: readonly Network[]): boolean {
  const pad = networks.filter(({ task }) => task === 'pad').map(({ id }) => id);
  return baseName === CALIBRATED.base && pad.length === CALIBRATED.networks.length &&
    CALIBRATED.networks.every((id) => pad.includes(id));
}

function manifestOf(
  base: Manifest,
  changed: Pick<Manifest, 'networks' | 'calibration'>,
  added: readonly Network[],
  content: ReadonlyMap<string, Uint8Array>,
): Manifest {
  const rest = {
    ...changed,
    files: [...content].map(([path, bytes]) => ({
      path,
      sha256: sha256Hex(bytes),
      bytes: bytes.length,
    })),
  };
  const hash = sha256Hex(new TextEncoder().encode(JSON.stringify(rest))).slice(0, 8);
  return ManifestSchema.parse({
    ...base,
    name: `${base.name.slice(0, 48)}-plus-${hash}`,
    description: `${base.description}; extended by ${added.map(({ title }) => title).join('; ')}`,
    ...rest,
  });
}
