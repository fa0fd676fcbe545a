/**
 * ISO/IEC 9796-2:2010 signature scheme 1, as RSA Active Authentication uses it (9303-11 6.1): part of the
 * message (M1, chosen by the chip) comes out of the signature, the rest (M2, the challenge) is known.
 */
import { EmrtdError } from '../errors.ts';
import type { Random } from '../types.ts';
import { bigIntToBytes, bitLength, bytesToBigInt, concat, equalConstantTime } from './bytes.ts';
import { digest, HASH_NAMES, hashLength, type HashName } from './hash.ts';
import {
  rsaLength,
  type RsaPrivateKey,
  rsaPrivateOperation,
  type RsaPublicKey,
  rsaPublicOperation,
} from './rsa-key.ts';

/** `implicit` is the one byte BC; `explicit` is the hash identifier of ISO/IEC 10118-3 and CC. */
type Iso9796Trailer = 'implicit' | 'explicit';

const HASH_IDS: Readonly<Record<HashName, number>> = {
  'SHA-1': 0x33,
  'SHA-256': 0x34,
  'SHA-512': 0x35,
  'SHA-384': 0x36,
  'SHA-224': 0x38,
};

/** An opened signature: its structure is right, nothing is verified yet. */
export interface Iso9796Opening {
  /** M1 and the digest behind it; where one ends depends on the hash. */
  readonly payload: Uint8Array;
  /** Whether the message has a second part that the digest covers. */
  readonly partial: boolean;
  readonly trailer: Iso9796Trailer;
  /** Hash functions that the trailer allows: one when explicit, all that fit when implicit. */
  readonly hashes: readonly HashName[];
}

/** Result of a verification: which hash fitted and what came out. */
export interface Iso9796Result {
  readonly hash: HashName;
  readonly trailer: Iso9796Trailer;
  /** M1. */
  readonly recovered: Uint8Array;
}

function refuse(what: string): EmrtdError {
  return new EmrtdError('CRYPTO_SIGNATURE_FORMAT', `ISO 9796-2 signature: ${what}`);
}

/** The two forms of a signature, s and n - s, open to F and n - F; the one that ends in C is F. */
function openBlock(key: RsaPublicKey, signature: Uint8Array): Uint8Array {
  if (bitLength(key.n) % 8 !== 0) {
    throw new EmrtdError('CRYPTO_UNSUPPORTED', 'ISO 9796-2 with a modulus of not whole bytes');
  }
  const block = rsaPublicOperation(key, signature);
  if ((block[block.length - 1] & 0x0f) === 0x0c) return block;
  const other = bigIntToBytes(key.n - bytesToBigInt(block), block.length);
  if ((other[other.length - 1] & 0x0f) === 0x0c) return other;
  throw refuse('no trailer');
}

/** Hash functions of the trailer and its length in bytes. */
function readTrailer(block: Uint8Array): { hashes: readonly HashName[]; length: 1 | 2 } {
  const last = block[block.length - 1];
  if (last === 0xbc) return { hashes: HASH_NAMES, length: 1 };
  if (last !== 0xcc) throw refuse('trailer is not BC or CC');
  const id = block[block.length - 2];
  const hash = HASH_NAMES.find((name) => HASH_IDS[name] === id);
  if (hash === undefined) {
    throw new EmrtdError(
      'CRYPTO_UNSUPPORTED',
      `ISO 9796-2 signature: hash identifier ${id.toString(16).toUpperCase().padStart(2, '0')}`,
    );
  }
  return { hashes: [hash], length: 2 };
}

/** Offset of M1: behind the header 4 or 6 and the padding nibbles B … B, which end with A. */
function payloadStart(block: Uint8Array, end: number): number {
  if ((block[0] & 0xd0) !== 0x40) throw refuse('header is not 4 or 6');
  let offset = 0;
  let nibble = block[offset++] & 0x0f;
  while (nibble !== 0x0a) {
    if (nibble !== 0x0b || offset >= end) throw refuse('padding does not end');
    const byte = block[offset++];
    if (byte >> 4 !== 0x0b) throw refuse('padding is not B');
    nibble = byte & 0x0f;
  }
  return offset;
}

/**
 * Opens a signature. Throws CRYPTO_SIGNATURE_FORMAT when its structure is wrong (as with another key),
 * CRYPTO_UNSUPPORTED for other hashes, CRYPTO_KEY for a refused key.
 */
export function recoverIso9796(key: RsaPublicKey, signature: Uint8Array): Iso9796Opening {
  const block = openBlock(key, signature);
  const { hashes, length } = readTrailer(block);
  const end = block.length - length;
  const payload = block.slice(payloadStart(block, end), end);
  const fitting = hashes.filter((hash) => hashLength(hash) <= payload.length);
  if (fitting.length === 0) throw refuse('no room for a digest');
  return {
    payload,
    partial: (block[0] & 0x20) !== 0,
    trailer: length === 1 ? 'implicit' : 'explicit',
    hashes: fitting,
  };
}

/**
 * Verifies a signature of which `message2` is the part known beforehand. With total recovery nothing
 * binds `message2`, so it is refused unless empty. An implicit trailer tries every hash that fits,
 * because documents do not say which. Returns undefined when the digest does not fit; throws as
 * `recoverIso9796` does when the structure is wrong.
 */
export function verifyIso9796(
  key: RsaPublicKey,
  message2: Uint8Array,
  signature: Uint8Array,
): Iso9796Result | undefined {
  const { payload, partial, trailer, hashes } = recoverIso9796(key, signature);
  if (!partial && message2.length > 0) return undefined;
  for (const hash of hashes) {
    const split = payload.length - hashLength(hash);
    const recovered = payload.subarray(0, split);
    if (equalConstantTime(payload.subarray(split), digest(hash, recovered, message2))) {
      return { hash, trailer, recovered };
    }
  }
  return undefined;
}

/** How a signature is made. */
export interface Iso9796Signing {
  readonly hash: HashName;
  readonly trailer: Iso9796Trailer;
  /** Bytes of M1; as many as fit when absent. Fewer are padded. */
  readonly recoverableLength?: number;
  /** Gives n - s, the other signature with the same meaning. */
  readonly complement?: boolean;
}

/** Signs `message2` behind a random M1, with partial recovery. Throws CRYPTO_KEY when the key is short. */
export function signIso9796(
  key: RsaPrivateKey,
  message2: Uint8Array,
  random: Random,
  { hash, trailer, recoverableLength, complement }: Iso9796Signing,
): Uint8Array {
  const length = rsaLength(key);
  const end = trailer === 'implicit' ? Uint8Array.of(0xbc) : Uint8Array.of(HASH_IDS[hash], 0xcc);
  const room = length - 1 - hashLength(hash) - end.length;
  const size = recoverableLength ?? room;
  if (bitLength(key.n) % 8 !== 0 || size < 0 || size > room) {
    throw new EmrtdError('CRYPTO_KEY', 'RSA key does not fit an ISO 9796-2 signature');
  }
  const header = new Uint8Array(1 + room - size).fill(0xbb);
  header[0] = 0x6b;
  header[header.length - 1] ^= 0x01;
  const message1 = random(size);
  const block = concat(header, message1, digest(hash, message1, message2), end);
  const signature = rsaPrivateOperation(key, block);
  if (complement !== true) return signature;
  return bigIntToBytes(key.n - bytesToBigInt(signature), length);
}
