/**
 * Builds the default pack from weights inside npm packages: checks the source files, converts them,
 * and writes networks, cards, calibration and manifest into one folder. Reproducible to the byte.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PackError } from '../errors.ts';
import { sha256Hex } from '../hash.ts';
import { type Manifest, ManifestSchema, type Network, PACK_FORMAT_VERSION } from '../manifest.ts';
import { openPack } from '../open.ts';
import type { Pack } from '../pack.ts';
import { convertDefaultNetwork } from './convert.ts';
import { DEFAULT_NETWORKS, type NetworkSettings } from './networks.ts';
import { readSources } from './source-files.ts';
import { type SourcePackage, SOURCES } from './sources.ts';

const PACK_NAME = 'default';
const PACK_VERSION = '1.0.0';

/** Committed beside this module by calibration; the pack is usable without it, the matcher is not. */
const MATCH_CALIBRATION = 'calibration-match.json';

export interface BuildProgress {
  /** What is being done, e.g. "convert blazeface". */
  readonly step: string;
  /** Steps finished before this one, and how many there are. */
  readonly done: number;
  readonly total: number;
  /** Bytes of the pack written so far. */
  readonly bytes: number;
}

export interface BuildOptions {
  /** Folder that becomes the pack. An earlier build there is replaced in one step. */
  readonly outDir: string;
  readonly onProgress?: (progress: BuildProgress) => void;
  /** Where the search for `node_modules` starts; the program's own folder unless a test says otherwise. */
  readonly packagesFrom?: string;
}

/**
 * Builds the default pack, or opens the one already in `outDir` when nothing it is made from changed
 * and all its hashes hold.
 * @throws PackError SOURCE_MISSING, SOURCE_HASH_MISMATCH, CONVERSION_UNSUPPORTED
 */
export async function buildDefaultPack(options: BuildOptions): Promise<Pack> {
  const { outDir, onProgress = () => {}, packagesFrom = import.meta.dir } = options;
  const fingerprint = await buildFingerprint();
  const stamp = `${outDir}.built-from`;
  const finished = await openFinished(outDir, stamp, fingerprint);
  if (finished !== undefined) return finished;

  await mkdir(dirname(outDir), { recursive: true });
  const work = await mkdtemp(`${outDir}.building-`);
  try {
    await writePack(new PackFolderWriter(work, onProgress), packagesFrom);
    await replaceFolder(work, outDir);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  await Bun.write(stamp, fingerprint);
  return await openPack(outDir);
}

async function openFinished(
  outDir: string,
  stamp: string,
  fingerprint: string,
): Promise<Pack | undefined> {
  if (!existsSync(stamp) || await Bun.file(stamp).text() !== fingerprint) return undefined;
  try {
    return await openPack(outDir);
  } catch (error) {
    if (error instanceof PackError) return undefined;
    throw error;
  }
}

async function writePack(pack: PackFolderWriter, packagesFrom: string): Promise<void> {
  const networks: Network[] = [];
  pack.steps = DEFAULT_NETWORKS.length + 1;
  for (const settings of DEFAULT_NETWORKS) {
    pack.report(`convert ${settings.id}`);
    networks.push(await writeNetwork(pack, settings, packagesFrom));
  }
  pack.report('write manifest');
  const match = join(import.meta.dir, MATCH_CALIBRATION);
  const calibration: Manifest['calibration'] = {};
  if (existsSync(match)) {
    calibration.match = await pack.copy(match, 'calibration/match.json');
  }
  const manifest: Manifest = ManifestSchema.parse({
    format: 'gatehouse-model-pack',
    formatVersion: PACK_FORMAT_VERSION,
    name: PACK_NAME,
    version: PACK_VERSION,
    description: 'Networks converted from weights that ship inside npm packages',
    networks,
    files: pack.files,
    calibration,
  });
  await Bun.write(join(pack.folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function writeNetwork(
  pack: PackFolderWriter,
  settings: NetworkSettings,
  packagesFrom: string,
): Promise<Network> {
  const { id } = settings;
  const source: SourcePackage = SOURCES[id];
  const onnx = convertDefaultNetwork(
    id,
    await readSources(source, packagesFrom),
    settings.input.batch,
  );
  const file = await pack.write(`networks/${id}.onnx`, onnx);
  const card = await pack.copy(join(import.meta.dir, 'cards', `${id}.md`), `cards/${id}.md`);
  for (const extra of [settings.embedding?.mean, settings.embedding?.projection]) {
    if (extra !== undefined) await pack.copy(join(import.meta.dir, basename(extra)), extra);
  }
  return {
    ...settings,
    file,
    precision: 'fp32',
    card,
    origin: {
      package: source.package,
      version: source.version,
      licence: source.licence,
      sources: source.sources.map((each) => ({ ...each })),
    },
  };
}

/** A pack folder under construction: remembers path, hash and size of what is written. */
class PackFolderWriter {
  readonly folder: string;
  readonly files: Manifest['files'] = [];
  steps = 0;
  #done = 0;
  #bytes = 0;
  #onProgress: (progress: BuildProgress) => void;

  constructor(folder: string, onProgress: (progress: BuildProgress) => void) {
    this.folder = folder;
    this.#onProgress = onProgress;
  }

  report(step: string): void {
    this.#onProgress({ step, done: this.#done++, total: this.steps, bytes: this.#bytes });
  }

  async write(path: string, bytes: Uint8Array): Promise<string> {
    await Bun.write(join(this.folder, path), bytes);
    this.files.push({ path, sha256: sha256Hex(bytes), bytes: bytes.length });
    this.#bytes += bytes.length;
    return path;
  }

  async copy(from: string, path: string): Promise<string> {
    const file = Bun.file(from);
    if (!await file.exists()) {
      throw new PackError('SOURCE_MISSING', `the default pack lacks ${path}`);
    }
    return await this.write(path, await file.bytes());
  }
}

/** Puts `from` in the place of `to`; a reader sees the old pack or the new one. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const old = `${from}.old`;
  if (existsSync(to)) await rename(to, old);
  await rename(from, to);
  await rm(old, { recursive: true, force: true });
}

/** Hash over everything in this library, so that a change of converter, settings or cards rebuilds. */
async function buildFingerprint(): Promise<string> {
  const root = dirname(import.meta.dir);
  const hasher = new Bun.CryptoHasher('sha256');
  const paths = (await readdir(root, { recursive: true })).filter((path) => /\.\w+$/.test(path));
  for (const path of paths.sort()) {
    hasher.update(`${path}\n`).update(await Bun.file(join(root, path)).bytes());
  }
  return hasher.digest('hex');
}
