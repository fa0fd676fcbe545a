/** Writes release bundles. */
import { type KeyObject, sign } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { BundleError } from './error.ts';
import {
  END_BYTES,
  headerOf,
  INFO_FILE,
  isBundlePath,
  MAX_FILE_BYTES,
  paddingAfter,
  SIGNATURE_FILE,
  SUMS_FILE,
  writeSums,
} from './format.ts';

/** Version of the format; a reader refuses every other one. */
export const BUNDLE_FORMAT = 1;

/** What bundle.json says. */
export interface BundleInfo {
  readonly format: typeof BUNDLE_FORMAT;
  readonly product: 'gatehouse';
  readonly version: string;
  readonly platform: string;
}

/**
 * Writes a bundle; equal files and keys give equal bundles. It appears whole or not at all.
 * @param files by path in the bundle
 * @param key an Ed25519 private key
 * @throws BundleError BUNDLE_FILE_REFUSED
 */
export async function writeBundle(
  path: string,
  info: BundleInfo,
  files: ReadonlyMap<string, Blob>,
  key: KeyObject,
): Promise<void> {
  const all = new Map(files).set(INFO_FILE, new Blob([JSON.stringify(info, null, 2) + '\n']));
  const ordered = [...all].sort(([a], [b]) => a < b ? -1 : 1);
  for (const [name, { size }] of ordered) {
    if (!isBundlePath(name)) throw refused(`"${name}" cannot be named in a bundle`);
    if (size > MAX_FILE_BYTES) throw refused(`${name} is larger than 8 GiB`);
  }
  const sums = [];
  for (const [name, file] of ordered) sums.push({ path: name, sha256: await sha256Of(file) });
  const list = writeSums(sums);
  const partial = `${path}.part`;
  const writer = Bun.file(partial).writer();
  const put = async (name: string, file: Blob): Promise<void> => {
    writer.write(headerOf(name, file.size));
    for await (const chunk of file.stream()) {
      writer.write(chunk);
      await writer.flush();
    }
    writer.write(new Uint8Array(paddingAfter(file.size)));
  };
  try {
    await put(SUMS_FILE, new Blob([list as Uint8Array<ArrayBuffer>]));
    await put(SIGNATURE_FILE, new Blob([new Uint8Array(sign(null, list, key))]));
    for (const [name, file] of ordered) await put(name, file);
    writer.write(new Uint8Array(END_BYTES));
    await writer.end();
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** SHA-256 in lower-case hex, of a file of any size. */
export async function sha256Of(file: Blob): Promise<string> {
  const hash = new Bun.CryptoHasher('sha256');
  for await (const chunk of file.stream()) hash.update(chunk);
  return hash.digest('hex');
}

function refused(what: string): BundleError {
  return new BundleError('BUNDLE_FILE_REFUSED', what);
}
