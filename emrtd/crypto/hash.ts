/** The hash functions of 9303-11 and 9303-12 (SHA-1 to SHA-512), by name and by object identifier. */
import { createHash } from 'node:crypto';
import { EmrtdError } from '../errors.ts';
import { plain } from './bytes.ts';

export type HashName = 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512';

interface HashFacts {
  /** Name in node:crypto. */
  native: string;
  /** RFC 3279 2.1 and RFC 5754 2. */
  oid: string;
  /** Bytes of a digest. */
  length: number;
}

const HASHES: Readonly<Record<HashName, HashFacts>> = {
  'SHA-1': { native: 'sha1', oid: '1.3.14.3.2.26', length: 20 },
  'SHA-224': { native: 'sha224', oid: '2.16.840.1.101.3.4.2.4', length: 28 },
  'SHA-256': { native: 'sha256', oid: '2.16.840.1.101.3.4.2.1', length: 32 },
  'SHA-384': { native: 'sha384', oid: '2.16.840.1.101.3.4.2.2', length: 48 },
  'SHA-512': { native: 'sha512', oid: '2.16.840.1.101.3.4.2.3', length: 64 },
};

/** All hash names, weakest first. */
export const HASH_NAMES: readonly HashName[] = [
  'SHA-1',
  'SHA-224',
  'SHA-256',
  'SHA-384',
  'SHA-512',
];

/** Digest of the parts one after another. */
export function digest(hash: HashName, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = createHash(HASHES[hash].native);
  for (const part of parts) state.update(part);
  return plain(state.digest());
}

/** Bytes of a digest. */
export function hashLength(hash: HashName): number {
  return HASHES[hash].length;
}

/** Name in node:crypto, for native signatures. */
export function nativeHash(hash: HashName): string {
  return HASHES[hash].native;
}

/** Object identifier of a hash function. */
export function hashOid(hash: HashName): string {
  return HASHES[hash].oid;
}

const BY_OID = new Map(HASH_NAMES.map((name) => [HASHES[name].oid, name]));

/** Hash function of an object identifier. Throws CRYPTO_UNSUPPORTED for any other. */
export function hashByOid(oid: string): HashName {
  const name = BY_OID.get(oid);
  if (name === undefined) throw new EmrtdError('CRYPTO_UNSUPPORTED', `hash function ${oid}`);
  return name;
}
