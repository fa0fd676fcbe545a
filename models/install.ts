/** Installed packs: import into a folder of packs, list what is there, sign, and export as archive. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { archiveChunks } from './archive.ts';
import { PackError } from './errors.ts';
import { FolderStorage } from './folder.ts';
import { sha256Hex } from './hash.ts';
import type { Manifest } from './manifest.ts';
import { parseManifest } from './manifest-reader.ts';
import { openPack, storageAt } from './open.ts';
import type { Pack } from './pack.ts';
import { MANIFEST_FILE, readManifestBytes, readPack } from './reader.ts';
import { SIGNATURE_FILE, signManifest, type TrustOptions } from './signature.ts';
import type { PackStorage } from './storage.ts';

/** Half-finished imports start with a dot; `listPacks` does not see them. */
const IMPORTING = '.importing-';

/** mkdtemp makes folders private; a pack holds no secret and may be read by the service's user. */
const READABLE_BY_ALL = 0o755;

export type InstalledPack =
  | {
    readonly path: string;
    readonly status: 'readable';
    readonly manifest: Manifest;
    readonly id: string;
  }
  | { readonly path: string; readonly status: 'unreadable'; readonly error: PackError };

/**
 * Verifies a pack (folder or .gpack) and installs it as `<intoFolder>/<name>-<version>`. The copy is
 * verified, not only the source, and appears in one step. Importing the same pack again changes nothing.
 * @throws PackError as openPack, and PACK_EXISTS when another pack of this name and version is installed
 */
export async function importPack(
  from: string,
  intoFolder: string,
  options: TrustOptions = {},
): Promise<Pack> {
  return await installPack(await storageAt(from), intoFolder, options);
}

/**
 * The same for the files of a pack wherever they are.
 * @throws PackError as importPack
 */
export async function installPack(
  source: PackStorage,
  intoFolder: string,
  options: TrustOptions = {},
): Promise<Pack> {
  const { manifest, id } = await readPack(source, options);
  const target = join(intoFolder, `${manifest.name}-${manifest.version}`);
  if (existsSync(target)) {
    const installed = await openPack(target, options);
    if (installed.id === id) return installed;
    throw new PackError('PACK_EXISTS', `another pack is installed at ${target}`);
  }
  await mkdir(intoFolder, { recursive: true, mode: 0o700 });
  const work = await mkdtemp(join(intoFolder, IMPORTING));
  try {
    for (const path of (await source.list()).keys()) {
      await Bun.write(join(work, path), await source.read(path));
    }
    await readPack(new FolderStorage(work), options);
    await chmod(work, READABLE_BY_ALL);
    await rename(work, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return await openPack(target, options);
}

/** The packs of a folder, by name. Reads manifests only; `openPack` checks the rest. */
export async function listPacks(folder: string): Promise<InstalledPack[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
  return await Promise.all(names.map((name) => describeInstalled(join(folder, name))));
}

async function describeInstalled(path: string): Promise<InstalledPack> {
  try {
    const bytes = await readManifestBytes(new FolderStorage(path));
    return { path, status: 'readable', manifest: parseManifest(bytes), id: sha256Hex(bytes) };
  } catch (error) {
    if (error instanceof PackError) return { path, status: 'unreadable', error };
    throw error;
  }
}

/**
 * Signs the pack in a folder, replacing an earlier signature. The pack is checked first.
 * @throws PackError as openPack
 */
export async function signPack(folder: string, privateKey: KeyObject): Promise<void> {
  await openPack(folder);
  const manifest = await Bun.file(join(folder, MANIFEST_FILE)).bytes();
  await Bun.write(join(folder, SIGNATURE_FILE), signManifest(manifest, privateKey));
}

/**
 * Writes the pack in a folder or archive as one .gpack archive. The pack is checked first.
 * @param signWith an Ed25519 private key whose signature goes into the archive; without one, a
 *   signature that is there already stays
 * @throws PackError as openPack
 */
export async function exportPack(
  from: string,
  archive: string,
  signWith?: KeyObject,
): Promise<Pack> {
  const pack = await openPack(from);
  await writeArchive(await signed(await storageAt(from), signWith), archive);
  return pack;
}

/**
 * Writes the pack in a folder or archive as one .gpack archive with another calibration file in it. A
 * signature of the old pack does not go along.
 * @param purpose which calibration it is
 * @param options.name of the new pack, so that it can be installed beside the old one
 * @param options.key an Ed25519 private key to sign it with
 * @throws PackError as openPack
 */
export async function replaceCalibration(
  from: string,
  archive: string,
  purpose: keyof Manifest['calibration'],
  bytes: Uint8Array,
  options: { readonly name: string; readonly key?: KeyObject },
): Promise<Pack> {
  const { manifest } = await openPack(from);
  const path = `calibration/${purpose}.json`;
  const old = manifest.calibration[purpose];
  const kept = manifest.files.filter((file) => file.path !== path && file.path !== old);
  const changed = new TextEncoder().encode(
    JSON.stringify(
      {
        ...manifest,
        name: options.name,
        files: [...kept, { path, sha256: sha256Hex(bytes), bytes: bytes.length }],
        calibration: { ...manifest.calibration, [purpose]: path },
      },
      null,
      2,
    ) + '\n',
  );
  const storage = await storageAt(from);
  const overlay: PackStorage = {
    list: async () => {
      const files = new Map(await storage.list());
      if (old !== undefined) files.delete(old);
      files.delete(SIGNATURE_FILE);
      return files.set(path, bytes.length).set(MANIFEST_FILE, changed.length);
    },
    read: async (file) =>
      file === path ? bytes : file === MANIFEST_FILE ? changed : await storage.read(file),
  };
  parseManifest(changed);
  await writeArchive(await signed(overlay, options.key), archive);
  return await openPack(archive);
}

async function writeArchive(storage: PackStorage, archive: string): Promise<void> {
  const partial = `${archive}.part`;
  const writer = Bun.file(partial).writer();
  try {
    for await (const chunk of archiveChunks(storage)) {
      writer.write(chunk);
      await writer.flush();
    }
    await writer.end();
    await rename(partial, archive);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** The same files with a signature by `key` among them. */
async function signed(storage: PackStorage, key: KeyObject | undefined): Promise<PackStorage> {
  if (key === undefined) return storage;
  const signature = signManifest(await storage.read(MANIFEST_FILE), key);
  return {
    list: async () => new Map(await storage.list()).set(SIGNATURE_FILE, signature.length),
    read: async (path) => path === SIGNATURE_FILE ? signature : await storage.read(path),
  };
}
