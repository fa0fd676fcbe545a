/**
 * Checks a release bundle: signature first, then every byte. Nothing in a bundle is looked at before its list
 * is known to be signed, and nothing is parsed that the list does not foresee: a file's header must be the one
 * that its listed name and its size allow, so links, devices, other paths, modes and owners have no place.
 */
import { type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { BLOCK, claimedBytes, PackError, signingKeyId } from '../../models/mod.ts';
import { BundleError } from './error.ts';
import {
  END_BYTES,
  headerOf,
  INFO_FILE,
  MAX_SUMS_BYTES,
  paddingAfter,
  readSums,
  SIGNATURE_BYTES,
  SIGNATURE_FILE,
  type Sum,
  SUMS_FILE,
} from './format.ts';
import { BUNDLE_FORMAT, type BundleInfo, sha256Of } from './write.ts';

const InfoSchema = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  product: z.literal('gatehouse'),
  version: z.string().regex(/^[\w.+~-]{1,64}$/),
  platform: z.string().regex(/^[\w-]{1,32}$/),
});

/** Far above what it holds. */
const MAX_INFO_BYTES = 4096;

export interface CheckedBundle {
  readonly info: BundleInfo;
  /** Of the key that signed. */
  readonly keyId: string;
  readonly files: readonly (Sum & { readonly bytes: number })[];
}

/**
 * @param keys Ed25519 public keys, one of which must have signed
 * @throws BundleError with every code but BUNDLE_FILE_REFUSED
 */
export async function checkBundle(
  bundle: Blob,
  keys: readonly KeyObject[],
): Promise<CheckedBundle> {
  const list = await entryAt(bundle, 0, SUMS_FILE, MAX_SUMS_BYTES);
  const signature = await entryAt(bundle, list.end, SIGNATURE_FILE, SIGNATURE_BYTES);
  const [listBytes, signatureBytes] = [await list.data.bytes(), await signature.data.bytes()];
  const key = keys.find((candidate) => verify(null, listBytes, candidate, signatureBytes));
  if (key === undefined) {
    throw new BundleError('BUNDLE_SIGNATURE_INVALID', 'no given key made the signature');
  }

  let at = signature.end;
  let info: BundleInfo | undefined;
  const files = [];
  for (const { sha256, path } of readSums(listBytes)) {
    const { data, end } = await entryAt(bundle, at, path);
    if (await sha256Of(data) !== sha256) {
      throw new BundleError('BUNDLE_HASH_MISMATCH', `${path} is not the file that was signed`);
    }
    if (path === INFO_FILE) info = await readInfo(data);
    files.push({ sha256, path, bytes: data.size });
    at = end;
  }
  if (info === undefined) throw malformed(`there is no ${INFO_FILE}`);
  if (bundle.size !== at + END_BYTES) throw malformed('it does not end where its list does');
  if (!isEmpty(await bytesAt(bundle, at, END_BYTES))) throw malformed('its end is not empty');
  return { info, keyId: signingKeyId(key), files };
}

/**
 * The entry at an offset, which must be that of `path`.
 * @returns its data, and where the next one begins
 */
async function entryAt(
  bundle: Blob,
  at: number,
  path: string,
  maxBytes = Infinity,
): Promise<{ data: Blob; end: number }> {
  const header = await bytesAt(bundle, at, BLOCK);
  const size = sizeIn(header, path);
  if (!Buffer.from(headerOf(path, size)).equals(header)) {
    throw malformed(`the header of ${path} is not there or not what it should be`);
  }
  if (size > maxBytes) throw malformed(`${path} claims ${size} bytes`);
  const start = at + BLOCK, dataEnd = start + size;
  const padding = paddingAfter(size);
  if (dataEnd + padding > bundle.size) throw malformed('it is cut off');
  if (!isEmpty(await bytesAt(bundle, dataEnd, padding))) throw malformed(`bytes after ${path}`);
  return { data: bundle.slice(start, dataEnd), end: dataEnd + padding };
}

function sizeIn(header: Uint8Array, path: string): number {
  try {
    return claimedBytes(header);
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    throw malformed(`the header of ${path} is not there`);
  }
}

async function bytesAt(bundle: Blob, at: number, length: number): Promise<Uint8Array> {
  if (at + length > bundle.size) throw malformed('it is cut off');
  return await bundle.slice(at, at + length).bytes();
}

function isEmpty(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

async function readInfo(data: Blob): Promise<BundleInfo> {
  const value = data.size > MAX_INFO_BYTES ? undefined : await data.json().catch(() => undefined);
  const parsed = InfoSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BundleError(
    'BUNDLE_FORMAT_VERSION',
    `${INFO_FILE} is of a format that this program does not know: verify with the newer program`,
  );
}

function malformed(what: string): BundleError {
  return new BundleError('BUNDLE_MALFORMED', `not a bundle: ${what}`);
}
