/** Block ciphers of 9303-11 (two-key 3DES, AES-128/192/256) without padding: CBC and single blocks. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { EmrtdError } from '../errors.ts';
import { plain } from './bytes.ts';

export type CipherName = '3DES' | 'AES-128' | 'AES-192' | 'AES-256';

interface CipherFacts {
  cbc: string;
  ecb: string;
  /** Bytes. */
  key: number;
  /** Bytes. */
  block: number;
}

const CIPHERS: Readonly<Record<CipherName, CipherFacts>> = {
  '3DES': { cbc: 'des-ede-cbc', ecb: 'des-ede', key: 16, block: 8 },
  'AES-128': { cbc: 'aes-128-cbc', ecb: 'aes-128-ecb', key: 16, block: 16 },
  'AES-192': { cbc: 'aes-192-cbc', ecb: 'aes-192-ecb', key: 24, block: 16 },
  'AES-256': { cbc: 'aes-256-cbc', ecb: 'aes-256-ecb', key: 32, block: 16 },
};

/** Bytes of a block. */
export function blockSize(cipher: CipherName): number {
  return CIPHERS[cipher].block;
}

/** Bytes of a key; 16 for 3DES (keys K1 and K2). */
export function keyLength(cipher: CipherName): number {
  return CIPHERS[cipher].key;
}

function check(cipher: CipherName, key: Uint8Array, iv: Uint8Array | null, data: Uint8Array): void {
  const facts = CIPHERS[cipher];
  if (key.length !== facts.key) {
    throw new EmrtdError('CRYPTO_INPUT', `${cipher} key of ${key.length} bytes`);
  }
  if (iv !== null && iv.length !== facts.block) {
    throw new EmrtdError('CRYPTO_INPUT', `${cipher} IV of ${iv.length} bytes`);
  }
  if (data.length % facts.block !== 0) {
    throw new EmrtdError(
      'CRYPTO_INPUT',
      `${cipher} data of ${data.length} bytes, not whole blocks`,
    );
  }
}

function encrypt(
  algorithm: string,
  key: Uint8Array,
  iv: Uint8Array | null,
  data: Uint8Array,
): Uint8Array {
  const state = createCipheriv(algorithm, key, iv);
  state.setAutoPadding(false);
  return plain(state.update(data));
}

function decrypt(
  algorithm: string,
  key: Uint8Array,
  iv: Uint8Array | null,
  data: Uint8Array,
): Uint8Array {
  const state = createDecipheriv(algorithm, key, iv);
  state.setAutoPadding(false);
  return plain(state.update(data));
}

/** CBC encryption of whole blocks. Throws CRYPTO_INPUT on a wrong length. */
export function encryptCbc(
  cipher: CipherName,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  check(cipher, key, iv, data);
  return encrypt(CIPHERS[cipher].cbc, key, iv, data);
}

/** CBC decryption of whole blocks. Throws CRYPTO_INPUT on a wrong length. */
export function decryptCbc(
  cipher: CipherName,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  check(cipher, key, iv, data);
  return decrypt(CIPHERS[cipher].cbc, key, iv, data);
}

/** Encryption of one or more blocks, each on its own (ECB). Throws CRYPTO_INPUT on a wrong length. */
export function encryptBlock(cipher: CipherName, key: Uint8Array, data: Uint8Array): Uint8Array {
  check(cipher, key, null, data);
  return encrypt(CIPHERS[cipher].ecb, key, null, data);
}

/** Decryption of one or more blocks, each on its own (ECB). Throws CRYPTO_INPUT on a wrong length. */
export function decryptBlock(cipher: CipherName, key: Uint8Array, data: Uint8Array): Uint8Array {
  check(cipher, key, null, data);
  return decrypt(CIPHERS[cipher].ecb, key, null, data);
}

/** Sets the lowest bit of every byte so that each has odd parity (9303-11 9.7.1.1, DES keys). */
export function adjustDesParity(key: Uint8Array): Uint8Array {
  return key.map((byte) => {
    let parity = byte & 0xfe;
    parity ^= parity >> 4;
    parity ^= parity >> 2;
    parity ^= parity >> 1;
    return (byte & 0xfe) | ((parity & 1) ^ 1);
  });
}
