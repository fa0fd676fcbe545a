/** Opens packs on disk: a folder, or a .gpack archive. */
import { lstat } from 'node:fs/promises';
import { ArchiveStorage } from './archive.ts';
import { PackError } from './errors.ts';
import { FolderStorage } from './folder.ts';
import { parseManifest } from './manifest-reader.ts';
import type { Pack } from './pack.ts';
import { type FileStatus, fileStatuses, readManifestBytes, readPack } from './reader.ts';
import type { TrustOptions } from './signature.ts';
import type { PackStorage } from './storage.ts';

/**
 * Opens the pack in a folder or a .gpack archive, checking manifest, signature, file list, hashes and
 * that the networks are what the manifest says.
 * @throws PackError with any PACK_ code but PACK_EXISTS
 */
export async function openPack(path: string, options: TrustOptions = {}): Promise<Pack> {
  return await readPack(await storageAt(path), options);
}

/**
 * State of every file of a pack, listed or present. The manifest must be readable.
 * @throws PackError PACK_NOT_FOUND, PACK_MALFORMED, PACK_FORMAT_VERSION, PACK_FILE_MISSING
 */
export async function verifyPack(path: string): Promise<FileStatus[]> {
  const storage = await storageAt(path);
  return await fileStatuses(storage, parseManifest(await readManifestBytes(storage)));
}

/** @throws PackError PACK_NOT_FOUND when there is neither a folder nor a regular file */
export async function storageAt(path: string): Promise<PackStorage> {
  const stat = await lstat(path).catch(() => undefined);
  if (stat?.isDirectory()) return new FolderStorage(path);
  if (stat?.isFile()) return new ArchiveStorage(Bun.file(path));
  throw new PackError('PACK_NOT_FOUND', `there is no folder or file at ${path}`);
}
