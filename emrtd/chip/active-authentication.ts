/**
 * Chip side of Active Authentication (ICAO 9303-11 6.1): a signature over the terminal's challenge, RSA with
 * message recovery (ISO/IEC 9796-2 scheme 1) or ECDSA.
 */
import {
  concat,
  type Curve,
  digest,
  ecdsaSign,
  encodeEcdsaDer,
  encodeEcdsaPlain,
  hashLength,
  type HashName,
  rsaLength,
  type RsaPrivateKey,
  rsaPrivateOperation,
} from '../crypto/mod.ts';
import type { Random } from '../types.ts';

export type ActiveAuthenticationKey =
  | {
    kind: 'rsa';
    key: RsaPrivateKey;
    hash: HashName;
    /** Plain: as 9303 asks. Minimum: min(s, n - s) of ISO/IEC 9796-2 B.4, as some old chips do. */
    form?: 'plain' | 'minimum';
  }
  | { kind: 'ec'; curve: Curve; privateKey: bigint; hash: HashName; encoding: 'plain' | 'der' };

/** Trailer fields of 9303-11 6.1.2.2. */
const TRAILERS: Record<HashName, readonly number[]> = {
  'SHA-1': [0xbc],
  'SHA-224': [0x38, 0xcc],
  'SHA-256': [0x34, 0xcc],
  'SHA-384': [0x36, 0xcc],
  'SHA-512': [0x35, 0xcc],
};

/** Signature over the challenge RND.IFD. */
export function signChallenge(
  key: ActiveAuthenticationKey,
  challenge: Uint8Array,
  random: Random,
): Uint8Array {
  if (key.kind === 'ec') {
    const signature = ecdsaSign(key.curve, key.privateKey, key.hash, challenge);
    return key.encoding === 'der'
      ? encodeEcdsaDer(signature)
      : encodeEcdsaPlain(key.curve, signature);
  }
  const length = rsaLength(key.key);
  const trailer = Uint8Array.from(TRAILERS[key.hash]);
  // header 6A: partial recovery, recoverable part of c - 4 bits, no padding
  const nonce = random(length - 1 - hashLength(key.hash) - trailer.length);
  const hash = digest(key.hash, nonce, challenge);
  const block = concat(Uint8Array.of(0x6a), nonce, hash, trailer);
  const signature = rsaPrivateOperation(key.key, block);
  if (key.form !== 'minimum') return signature;
  const value = BigInt(`0x${signature.toHex()}`);
  const other = key.key.n - value;
  const smaller = value < other ? value : other;
  return Uint8Array.fromHex(smaller.toString(16).padStart(2 * length, '0'));
}
