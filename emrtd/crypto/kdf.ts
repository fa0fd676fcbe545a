/** Key derivation function of 9303-11 9.7.1: KDF(K, c) for BAC, PACE and Chip Authentication. */
import { concat } from './bytes.ts';
import { adjustDesParity, type CipherName, keyLength } from './cipher.ts';
import { digest } from './hash.ts';

/** Counters of 9303-11 9.7.1: encryption, MAC, and the key of the PACE password. */
export const KDF_ENC = 1;
export const KDF_MAC = 2;
export const KDF_PI = 3;

/**
 * Key for a cipher: SHA-1 for 3DES and AES-128, SHA-256 for the longer ones, cut to the key's length;
 * 3DES keys get odd parity.
 */
export function deriveKey(secret: Uint8Array, counter: number, cipher: CipherName): Uint8Array {
  const hash = cipher === 'AES-192' || cipher === 'AES-256' ? 'SHA-256' : 'SHA-1';
  const key = digest(hash, concat(secret, Uint8Array.of(0, 0, 0, counter)))
    .slice(0, keyLength(cipher));
  return cipher === '3DES' ? adjustDesParity(key) : key;
}
