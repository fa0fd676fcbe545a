/**
 * RSASSA-PSS (RFC 8017 8.1 and 9.1) with any salt length and any pair of hashes, which the runtime does
 * not offer: documents are signed with MGF1 over another hash than the message's.
 */
import { EmrtdError } from '../errors.ts';
import type { Random } from '../types.ts';
import { bitLength, concat, equalConstantTime } from './bytes.ts';
import { digest, hashLength, type HashName } from './hash.ts';
import {
  openRsaSignature,
  rsaLength,
  type RsaPrivateKey,
  rsaPrivateOperation,
  type RsaPublicKey,
} from './rsa-key.ts';

/** Parameters of RSASSA-PSS (RFC 8017 A.2.3). */
export interface PssParameters {
  readonly hash: HashName;
  /** Hash of MGF1. */
  readonly mgfHash: HashName;
  /** Bytes of salt. */
  readonly saltLength: number;
}

/** MGF1 (RFC 8017 B.2.1), applied: exclusive or of the mask onto `block`, in place. */
function unmask(block: Uint8Array, seed: Uint8Array, hash: HashName): void {
  const counter = new Uint8Array(4);
  for (let offset = 0; offset < block.length; counter[3]++) {
    const mask = digest(hash, seed, counter);
    for (let i = 0; i < mask.length && offset < block.length; i++) block[offset++] ^= mask[i];
  }
}

/** Bits of the encoded message's first byte that must be zero, as a mask of those allowed. */
function topMask(emBits: number, emLength: number): number {
  return 0xff >> (8 * emLength - emBits);
}

function verifyEncoded(
  encoded: Uint8Array,
  emBits: number,
  digestBytes: Uint8Array,
  { hash, mgfHash, saltLength }: PssParameters,
): boolean {
  const length = encoded.length;
  const hashBytes = hashLength(hash);
  if (length < hashBytes + saltLength + 2 || encoded[length - 1] !== 0xbc) return false;
  const mask = topMask(emBits, length);
  if ((encoded[0] & ~mask) !== 0) return false;
  const block = encoded.slice(0, length - hashBytes - 1);
  const h = encoded.subarray(length - hashBytes - 1, length - 1);
  unmask(block, h, mgfHash);
  block[0] &= mask;
  const padding = block.length - saltLength - 1;
  for (let i = 0; i < padding; i++) if (block[i] !== 0) return false;
  if (block[padding] !== 1) return false;
  const salt = block.subarray(padding + 1);
  return equalConstantTime(h, digest(hash, new Uint8Array(8), digestBytes, salt));
}

/**
 * Whether the signature is one of the message. Throws CRYPTO_KEY for a refused key; a signature of
 * another length is `false`.
 */
export function rsaVerifyPss(
  key: RsaPublicKey,
  parameters: PssParameters,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const block = openRsaSignature(key, signature);
  if (block === undefined) return false;
  const emBits = bitLength(key.n) - 1;
  const emLength = Math.ceil(emBits / 8);
  // A modulus of 8k + 1 bits has an encoded message one byte shorter than itself.
  if (emLength < block.length && block[0] !== 0) return false;
  return verifyEncoded(
    block.subarray(block.length - emLength),
    emBits,
    digest(parameters.hash, message),
    parameters,
  );
}

/** Signs. Throws CRYPTO_KEY when the key is too short for the hash and salt. */
export function rsaSignPss(
  key: RsaPrivateKey,
  { hash, mgfHash, saltLength }: PssParameters,
  message: Uint8Array,
  random: Random,
): Uint8Array {
  const emBits = bitLength(key.n) - 1;
  const emLength = Math.ceil(emBits / 8);
  const hashBytes = hashLength(hash);
  if (emLength < hashBytes + saltLength + 2) {
    throw new EmrtdError('CRYPTO_KEY', `RSA key is too short for ${hash} and its salt`);
  }
  const salt = random(saltLength);
  const h = digest(hash, new Uint8Array(8), digest(hash, message), salt);
  const block = new Uint8Array(emLength - hashBytes - 1);
  block[block.length - saltLength - 1] = 1;
  block.set(salt, block.length - saltLength);
  unmask(block, h, mgfHash);
  block[0] &= topMask(emBits, emLength);
  const encoded = concat(block, h, Uint8Array.of(0xbc));
  const padded = new Uint8Array(rsaLength(key));
  padded.set(encoded, padded.length - encoded.length);
  return rsaPrivateOperation(key, padded);
}
