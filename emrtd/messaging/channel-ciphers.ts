/**
 * The ciphers of one channel (9303-11 9.8.6, 9.8.7), set up once per key: a document takes hundreds of short
 * messages, and making a cipher object costs more than running it over one of them. The chaining value
 * that an object keeps from the message before is taken out of the first block of the next.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type CipherName, encryptBlock } from '../crypto/mod.ts';

/** Encryption, decryption and MAC under the keys of a channel. All data is in whole blocks. */
export interface ChannelCiphers {
  /** CBC encryption with the IV that belongs to the counter. `data` is overwritten. */
  encrypt(counter: Uint8Array, data: Uint8Array): Uint8Array;
  /** CBC decryption with the IV that belongs to the counter. */
  decrypt(counter: Uint8Array, data: Uint8Array): Uint8Array;
  /** MAC of 8 bytes. `message` is overwritten. */
  mac(message: Uint8Array): Uint8Array;
}

/** Encrypts or decrypts whole blocks from a state that lives on. */
type Step = (data: Uint8Array) => Uint8Array;

function encryptor(algorithm: string, key: Uint8Array, iv: Uint8Array | null): Step {
  const state = createCipheriv(algorithm, key, iv);
  state.setAutoPadding(false);
  return (data) => state.update(data);
}

function decryptor(algorithm: string, key: Uint8Array, iv: Uint8Array | null): Step {
  const state = createDecipheriv(algorithm, key, iv);
  state.setAutoPadding(false);
  return (data) => state.update(data);
}

/** Adds a block to the first block of `data`. */
function addToFirst(data: Uint8Array, block: Uint8Array): void {
  for (let i = 0; i < block.length; i++) data[i] ^= block[i];
}

/** Keeps the last block of a cryptogram in `chain`. */
function keepLast(chain: Uint8Array, cryptogram: Uint8Array): void {
  const offset = cryptogram.length - chain.length;
  for (let i = 0; i < chain.length; i++) chain[i] = cryptogram[offset + i];
}

/** CBC encryption with an IV per message. */
function cbcEncryptor(algorithm: string, key: Uint8Array, block: number) {
  const step = encryptor(algorithm, key, new Uint8Array(block));
  const chain = new Uint8Array(block);
  return (iv: Uint8Array | undefined, data: Uint8Array): Uint8Array => {
    addToFirst(data, chain);
    if (iv !== undefined) addToFirst(data, iv);
    const cryptogram = step(data);
    keepLast(chain, cryptogram);
    return cryptogram;
  };
}

/** CBC decryption with an IV per message. */
function cbcDecryptor(algorithm: string, key: Uint8Array, block: number) {
  const step = decryptor(algorithm, key, new Uint8Array(block));
  const chain = new Uint8Array(block);
  return (iv: Uint8Array | undefined, cryptogram: Uint8Array): Uint8Array => {
    const data = step(cryptogram);
    addToFirst(data, chain);
    if (iv !== undefined) addToFirst(data, iv);
    keepLast(chain, cryptogram);
    return data;
  };
}

/** Copy of `length` bytes; what node:crypto gives is a Buffer, whose own slices are slow. */
function copyOf(bytes: Uint8Array, start: number, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  for (let i = 0; i < length; i++) copy[i] = bytes[start + i];
  return copy;
}

/** 3DES in CBC with a zero IV; retail MAC, ISO 9797-1 algorithm 3 (9303-11 9.8.6). */
function tripleDes(kenc: Uint8Array, kmac: Uint8Array): ChannelCiphers {
  const encrypt = cbcEncryptor('des-ede-cbc', kenc, 8);
  const decrypt = cbcDecryptor('des-ede-cbc', kenc, 8);
  const k1 = kmac.slice(0, 8);
  const chained = cbcEncryptor('des-cbc', k1, 8);
  const middle = decryptor('des-ecb', kmac.slice(8), null);
  const last = encryptor('des-ecb', k1, null);
  return {
    encrypt: (_, data) => encrypt(undefined, data),
    decrypt: (_, data) => decrypt(undefined, data),
    mac: (message) => last(middle(copyOf(chained(undefined, message), message.length - 8, 8))),
  };
}

/** Doubling in GF(2^128) (NIST SP 800-38B 6.1), for the subkey of CMAC. */
function double(block: Uint8Array): Uint8Array {
  const doubled = block.map((byte, i) => (byte << 1) | ((block[i + 1] ?? 0) >> 7));
  doubled[15] ^= 0x87 & -(block[0] >> 7);
  return doubled;
}

/**
 * AES in CBC with the encrypted counter as IV; CMAC cut to 8 bytes (9303-11 9.8.7). What secure messaging
 * authenticates is padded to whole blocks, so only the first subkey is ever used.
 */
function aes(
  cipher: Exclude<CipherName, '3DES'>,
  kenc: Uint8Array,
  kmac: Uint8Array,
): ChannelCiphers {
  const name = cipher.toLowerCase();
  const encrypt = cbcEncryptor(`${name}-cbc`, kenc, 16);
  const decrypt = cbcDecryptor(`${name}-cbc`, kenc, 16);
  const iv = encryptor(`${name}-ecb`, kenc, null);
  const chained = cbcEncryptor(`${name}-cbc`, kmac, 16);
  const subkey = double(encryptBlock(cipher, kmac, new Uint8Array(16)));
  return {
    encrypt: (counter, data) => encrypt(iv(counter), data),
    decrypt: (counter, data) => decrypt(iv(counter), data),
    mac: (message) => {
      const offset = message.length - 16;
      for (let i = 0; i < 16; i++) message[offset + i] ^= subkey[i];
      return copyOf(chained(undefined, message), offset, 8);
    },
  };
}

/** Ciphers for a pair of keys, whose lengths must be right. */
export function channelCiphers(
  cipher: CipherName,
  kenc: Uint8Array,
  kmac: Uint8Array,
): ChannelCiphers {
  return cipher === '3DES' ? tripleDes(kenc, kmac) : aes(cipher, kenc, kmac);
}
