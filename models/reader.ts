/**
 * Makes a pack out of stored files: reads and checks the manifest, the signature, and that the files
 * are exactly those the manifest lists. Hashes are checked here and again at every read.
 */
import { checkMeaning } from './check.ts';
import { PackError } from './errors.ts';
import { sha256Hex } from './hash.ts';
import type { Manifest } from './manifest.ts';
import { parseManifest } from './manifest-reader.ts';
import type { Pack } from './pack.ts';
import { SIGNATURE_FILE, type TrustOptions, verifySignature } from './signature.ts';
import type { PackStorage } from './storage.ts';

export const MANIFEST_FILE = 'manifest.json';
const MAX_MANIFEST_BYTES = 1024 * 1024;
const MAX_SIGNATURE_BYTES = 16 * 1024;

/** State of one file of a pack. */
export interface FileStatus {
  readonly file: string;
  readonly status: 'ok' | 'missing' | 'unexpected' | 'hash-mismatch';
}

/**
 * Opens and fully checks a pack.
 * @throws PackError with every PACK_ code but PACK_NOT_FOUND
 */
export async function readPack(storage: PackStorage, options: TrustOptions = {}): Promise<Pack> {
  const manifestBytes = await readManifestBytes(storage);
  const manifest = parseManifest(manifestBytes);
  const signed = await checkSignature(storage, manifestBytes, options);
  for (const { file, status } of await fileStatuses(storage, manifest)) {
    if (status === 'missing') {
      throw new PackError('PACK_FILE_MISSING', `the pack lacks ${file}`);
    }
    if (status === 'unexpected') {
      throw new PackError('PACK_FILE_UNEXPECTED', `${file} is not listed in the manifest`);
    }
    if (status === 'hash-mismatch') {
      throw new PackError('PACK_HASH_MISMATCH', `${file} is not the file the manifest lists`);
    }
  }
  const pack = packOver(storage, manifest, sha256Hex(manifestBytes), signed);
  await checkMeaning(pack);
  return pack;
}

/** Compares the files present with the files listed, hashes included; does not judge the signature. */
export async function fileStatuses(
  storage: PackStorage,
  manifest: Manifest,
): Promise<FileStatus[]> {
  const present = await storage.list();
  const statuses: FileStatus[] = [];
  for (const { path, sha256, bytes } of manifest.files) {
    const size = present.get(path);
    if (size === undefined) statuses.push({ file: path, status: 'missing' });
    else {
      const equal = size === bytes && sha256Hex(await storage.read(path)) === sha256;
      statuses.push({ file: path, status: equal ? 'ok' : 'hash-mismatch' });
    }
  }
  const known = new Set([MANIFEST_FILE, SIGNATURE_FILE, ...manifest.files.map(({ path }) => path)]);
  for (const path of present.keys()) {
    if (!known.has(path)) statuses.push({ file: path, status: 'unexpected' });
  }
  return statuses;
}

/** The manifest's bytes, with its size bounded before it is read. */
export async function readManifestBytes(storage: PackStorage): Promise<Uint8Array> {
  const size = (await storage.list()).get(MANIFEST_FILE);
  if (size === undefined) throw new PackError('PACK_FILE_MISSING', `the pack lacks manifest.json`);
  if (size > MAX_MANIFEST_BYTES) {
    throw new PackError('PACK_MALFORMED', `manifest.json has ${size} bytes`);
  }
  return await storage.read(MANIFEST_FILE);
}

async function checkSignature(
  storage: PackStorage,
  manifestBytes: Uint8Array,
  options: TrustOptions,
): Promise<boolean> {
  const size = (await storage.list()).get(SIGNATURE_FILE);
  if (size === undefined) {
    if (options.requireSignature) {
      throw new PackError('PACK_UNSIGNED', 'the pack has no signature.json and one is required');
    }
    return false;
  }
  if (size > MAX_SIGNATURE_BYTES) {
    throw new PackError('PACK_SIGNATURE_INVALID', `signature.json has ${size} bytes`);
  }
  return verifySignature(manifestBytes, await storage.read(SIGNATURE_FILE), options);
}

function packOver(storage: PackStorage, manifest: Manifest, id: string, signed: boolean): Pack {
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  return {
    manifest,
    id,
    signed,
    async read(path) {
      const file = listed.get(path);
      if (file === undefined) {
        throw new PackError('PACK_FILE_MISSING', `the manifest lists no ${path}`);
      }
      const bytes = await storage.read(path);
      if (sha256Hex(bytes) !== file.sha256) {
        throw new PackError('PACK_HASH_MISMATCH', `${path} changed after the pack was opened`);
      }
      return bytes;
    },
  };
}
