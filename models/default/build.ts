/**
 * Builds the default pack from weights inside npm packages: checks the source files, converts them,
 * and writes networks, cards, calibration and manifest into one folder. Reproducible to the byte.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
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

/** Committed beside this module by calibration runs; a pack is usable without, what it calibrates is not. */
const CALIBRATIONS = ['match', 'quality', 'pad'] as const;

/** What the liveness detectors can and cannot do; they have no network and so no card of their own. */
const PAD_CARD = 'pad-calibration.md';

/** mkdtemp makes folders private; a pack holds no secret and may be read by the service's user. */
const READABLE_BY_ALL = 0o755;

/** Each attempt loses only to another build that finishes in the same moment. */
const MAX_REPLACE_ATTEMPTS = 5;

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
  const stamp = new BuildStamp(outDir, await buildFingerprint());
  const finished = await stamp.openFinished();
  if (finished !== undefined) return finished;

  await mkdir(dirname(outDir), { recursive: true });
  const work = await mkdtemp(`${outDir}.building-`);
  try {
    await writePack(new PackFolderWriter(work, onProgress), packagesFrom);
    await chmod(work, READABLE_BY_ALL);
    const built = await openPack(work);
    // Another process may have finished the same build meanwhile.
    const theirs = await stamp.openFinished();
    if (theirs !== undefined) return theirs;
    await stamp.write(built.id);
    await replaceFolder(work, outDir);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return await openPack(outDir);
}

/** A note beside the pack, `<outDir>.built-from`: what was built from what. */
class BuildStamp {
  readonly #outDir: string;
  readonly #path: string;
  readonly #fingerprint: string;

  constructor(outDir: string, fingerprint: string) {
    this.#outDir = outDir;
    this.#path = `${outDir}.built-from`;
    this.#fingerprint = fingerprint;
  }

  /** The pack, when it was built from exactly what a build would use now and is undamaged. */
  async openFinished(): Promise<Pack | undefined> {
    if (!existsSync(this.#path)) return undefined;
    const [fingerprint, id] = (await Bun.file(this.#path).text()).split(' ');
    if (fingerprint !== this.#fingerprint) return undefined;
    try {
      const pack = await openPack(this.#outDir);
      return pack.id === id ? pack : undefined;
    } catch (error) {
      if (error instanceof PackError) return undefined;
      throw error;
    }
  }

  async write(id: string): Promise<void> {
    await Bun.write(this.#path, `${this.#fingerprint} ${id}`);
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
  const calibration: Manifest['calibration'] = {};
  for (const purpose of CALIBRATIONS) {
    const file = join(import.meta.dir, `calibration-${purpose}.json`);
    if (existsSync(file)) {
      calibration[purpose] = await pack.copy(file, `calibration/${purpose}.json`);
    }
  }
  await pack.copy(join(import.meta.dir, 'cards', PAD_CARD), `cards/${PAD_CARD}`);
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

/** Puts `from` in the place of `to`, which is absent for a moment when it existed. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const old = `${from}.old`;
  for (let attempt = 1;; attempt++) {
    await rename(to, old).catch(() => {});
    try {
      await rename(from, to);
      return await rm(old, { recursive: true, force: true });
    } catch (error) {
      // Another build put its result there in between; it is moved away like any other.
      await rm(old, { recursive: true, force: true });
      if (attempt === MAX_REPLACE_ATTEMPTS) throw error;
    }
  }
}

/** Hash over everything in this library, so that a change of converter, settings or cards rebuilds. */
async function buildFingerprint(): Promise<string> {
  const root = dirname(import.meta.dir);
  const hasher = new Bun.CryptoHasher('sha256');
  const entries = await readdir(root, { recursive: true }).catch((cause) => {
    throw new PackError('SOURCE_MISSING', 'this program carries no converter; import a pack', {
      cause,
    });
  });
  const paths = entries.filter((path) => /\.\w+$/.test(path));
  for (const path of paths.sort()) {
    hasher.update(`${path}\n`).update(await Bun.file(join(root, path)).bytes());
  }
  return hasher.digest('hex');
}
