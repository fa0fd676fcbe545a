/** Opens a pack from disk. */
import { lstat } from 'node:fs/promises';
import { PackError } from './errors.ts';
import { FolderStorage } from './folder.ts';
import type { Pack } from './pack.ts';
import { readPack } from './reader.ts';
import type { TrustOptions } from './signature.ts';

/**
 * Opens the pack in a folder or a .gpack archive, checking manifest, signature, file list and hashes.
 * @throws PackError with any PACK_ code
 */
export async function openPack(path: string, options: TrustOptions = {}): Promise<Pack> {
  const stat = await lstat(path).catch(() => undefined);
  if (stat === undefined) throw new PackError('PACK_NOT_FOUND', `there is nothing at ${path}`);
  return await readPack(new FolderStorage(path), options);
}
