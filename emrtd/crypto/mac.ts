/**
 * Message authentication of 9303-11: retail MAC (ISO/IEC 9797-1 algorithm 3 with DES) for 3DES and
 * CMAC (NIST SP 800-38B, cut to 8 bytes) for AES. CMAC is done over the native CBC because that is six
 * times faster on messages of APDU size than the JavaScript ones.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { EmrtdError } from '../errors.ts';
import { plain } from './bytes.ts';
import { type CipherName, encryptBlock, keyLength } from './cipher.ts';

/** Bytes of a MAC in secure messaging and in the protocols (9303-11 9.8.6). */
const MAC_LENGTH = 8;

/** A MAC function with its key, for the many MACs of one session. */
type Mac = (data: Uint8Array) => Uint8Array;

const ZERO_8 = new Uint8Array(8);
const ZERO_16 = new Uint8Array(16);

/** DES without chaining state: the cipher `des-cbc` with a zero IV over whole blocks. */
function desCbc(key: Uint8Array, data: Uint8Array): Uint8Array {
  const state = createCipheriv('des-cbc', key, ZERO_8);
  state.setAutoPadding(false);
  return plain(state.update(data));
}

function desDecrypt(key: Uint8Array, block: Uint8Array): Uint8Array {
  const state = createDecipheriv('des-ecb', key, null);
  state.setAutoPadding(false);
  return plain(state.update(block));
}

function retailMac(key: Uint8Array): Mac {
  const k1 = key.slice(0, 8);
  const k2 = key.slice(8, 16);
  return (data) => {
    if (data.length === 0 || data.length % 8 !== 0) {
      throw new EmrtdError(
        'CRYPTO_INPUT',
        `retail MAC over ${data.length} bytes, not whole blocks`,
      );
    }
    const last = desCbc(k1, data).subarray(-8);
    return desCbc(k1, desDecrypt(k2, last));
  };
}

/** Doubling in GF(2^128) (SP 800-38B 6.1). */
function double(block: Uint8Array): Uint8Array {
  const doubled = new Uint8Array(16);
  for (let i = 0; i < 16; i++) doubled[i] = (block[i] << 1) | ((block[i + 1] ?? 0) >> 7);
  doubled[15] ^= 0x87 & -(block[0] >> 7);
  return doubled;
}

/** Full 16-byte CMAC with AES for data of any length. */
export function createCmac(cipher: Exclude<CipherName, '3DES'>, key: Uint8Array): Mac {
  const k1 = double(encryptBlock(cipher, key, ZERO_16));
  const k2 = double(k1);
  const algorithm = `${cipher.toLowerCase()}-cbc`;
  const ownKey = key.slice();
  return (data) => {
    const whole = data.length > 0 && data.length % 16 === 0;
    const padded = new Uint8Array(whole ? data.length : data.length + 16 - (data.length % 16));
    padded.set(data);
    if (!whole) padded[data.length] = 0x80;
    const subkey = whole ? k1 : k2;
    for (let i = 0; i < 16; i++) padded[padded.length - 16 + i] ^= subkey[i];
    const state = createCipheriv(algorithm, ownKey, ZERO_16);
    state.setAutoPadding(false);
    return plain(state.update(padded)).slice(-16);
  };
}

/**
 * MAC function of a session: 8 bytes each. For 3DES the data must be padded to whole blocks already
 * (ISO 9797-1 method 2); CMAC takes any length, and 9303-11 9.8.6.2 pads what secure messaging gives it.
 * Throws CRYPTO_INPUT on a wrong length of key or data.
 */
export function createMac(cipher: CipherName, key: Uint8Array): Mac {
  if (key.length !== keyLength(cipher)) {
    throw new EmrtdError('CRYPTO_INPUT', `${cipher} key of ${key.length} bytes`);
  }
  if (cipher === '3DES') return retailMac(key);
  const full = createCmac(cipher, key);
  return (data) => full(data).slice(0, MAC_LENGTH);
}

/** One MAC of 8 bytes; see `createMac`. */
export function mac(cipher: CipherName, key: Uint8Array, data: Uint8Array): Uint8Array {
  return createMac(cipher, key)(data);
}
