/**
 * Private keys of the installation on disk: one folder for their owner alone, each file made or replaced in
 * one step, encrypted where there is a passphrase.
 */
import { link, mkdir, readdir, rename, unlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ServerError } from '../errors.ts';
import { decryptKey, encryptKey, isEncryptedKey } from './encrypted-key.ts';
import { readGivenKey } from './given-key.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** How key files are kept. */
export interface KeyProtection {
  /** That new files are encrypted under and encrypted ones are read with; without it files are in the clear. */
  readonly passphrase?: string | undefined;
}

/** Paths of the private keys in a folder, by name; none where there is no folder. */
export async function keyFilesIn(folder: string): Promise<string[]> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  return names.filter((name) => name.endsWith('.pem')).toSorted().map((name) => join(folder, name));
}

/** Whether a key file is encrypted. @throws ServerError CONFIG_INVALID when it cannot be read */
export function isProtected(path: string): boolean {
  return isEncryptedKey(readGivenKey(path, path));
}

/**
 * The key in a file.
 * @returns PKCS #8 in PEM, unencrypted, or whatever else the file has
 * @throws ServerError CONFIG_INVALID when it cannot be read, others may read it, or it does not open
 */
export async function readKeyFile(path: string, { passphrase }: KeyProtection): Promise<string> {
  const pem = readGivenKey(path, path);
  if (!isEncryptedKey(pem)) return pem;
  if (passphrase !== undefined) return await decryptKey(pem, passphrase, path);
  throw new ServerError(
    'CONFIG_INVALID',
    `${path}: it is encrypted: give its passphrase in a file, GATEHOUSE_KEYS_PASSPHRASE_FILE`,
  );
}

/**
 * The key in a file; made first when there is none. Of two processes that make it at once, the second takes
 * what the first has made.
 * @param make gives a new key, PKCS #8 in PEM
 * @returns PKCS #8 in PEM, unencrypted, or whatever else the file has
 * @throws ServerError CONFIG_INVALID like `readKeyFile`
 */
export async function readOrMakeKey(
  path: string,
  make: () => Promise<string>,
  protection: KeyProtection,
): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  if (existsSync(path)) return await readKeyFile(path, protection);
  await refuseMixture(dirname(path), protection);
  const pem = await make();
  const own = await writeBeside(path, pem, protection);
  try {
    await link(own, path);
    return pem;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    return await readKeyFile(path, protection);
  } finally {
    await unlink(own);
  }
}

/** A passphrase that was forgotten once must not lead to a key in the clear beside those that it protects. */
async function refuseMixture(folder: string, { passphrase }: KeyProtection): Promise<void> {
  if (passphrase !== undefined || !(await keyFilesIn(folder)).some(isProtected)) return;
  const message = `${folder}: its keys are encrypted, so a new one needs their passphrase`;
  throw new ServerError('CONFIG_INVALID', message);
}

/**
 * Puts a key in the place of the one in a file.
 * @param pem PKCS #8, unencrypted
 */
export async function replaceKeyFile(
  path: string,
  pem: string,
  protection: KeyProtection,
): Promise<void> {
  await rename(await writeBeside(path, pem, protection), path);
}

/** @returns the path of a new file with the key, on the same file system */
async function writeBeside(
  path: string,
  pem: string,
  { passphrase }: KeyProtection,
): Promise<string> {
  const own = `${path}.${crypto.randomUUID()}.new`;
  const contents = passphrase === undefined ? pem : await encryptKey(pem, passphrase);
  await writeFile(own, contents, { mode: FILE_MODE, flush: true });
  return own;
}
