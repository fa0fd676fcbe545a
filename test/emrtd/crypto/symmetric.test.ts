import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import {
  adjustDesParity,
  blockSize,
  type CipherName,
  concat,
  createMac,
  decryptBlock,
  decryptCbc,
  deriveKey,
  digest,
  encryptBlock,
  encryptCbc,
  fromHex,
  HASH_NAMES,
  hashByOid,
  hashLength,
  hashOid,
  KDF_ENC,
  KDF_MAC,
  KDF_PI,
  keyLength,
  mac,
  padIso9797,
  toHex,
  unpadIso9797,
} from '../../../emrtd/crypto/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { failure, hex } from '../asn1/support.ts';

const CIPHERS: readonly CipherName[] = ['3DES', 'AES-128', 'AES-192', 'AES-256'];

function example(name: string): Record<string, string> {
  return JSON.parse(readFileSync(sharedPath(`emrtd/vectors/${name}.json`), 'utf8'));
}

describe('ciphers', () => {
  test.each(
    [
      // FIPS 197 Appendix C.
      ['AES-128', '000102030405060708090A0B0C0D0E0F', '69C4E0D86A7B0430D8CDB78070B4C55A'],
      [
        'AES-192',
        '000102030405060708090A0B0C0D0E0F1011121314151617',
        'DDA97CA4864CDFE06EAF70A0EC0D7191',
      ],
      [
        'AES-256',
        '000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F',
        '8EA2B7CA516745BFEAFC49904B496089',
      ],
    ] as const,
  )('%s of FIPS 197', (cipher, key, encrypted) => {
    const plain = hex('00112233445566778899AABBCCDDEEFF');
    expect(toHex(encryptBlock(cipher, hex(key), plain))).toBe(encrypted);
    expect(decryptBlock(cipher, hex(key), hex(encrypted))).toEqual(plain);
  });

  test.each(CIPHERS)('%s: CBC is blocks chained, both ways', (cipher) => {
    const size = blockSize(cipher);
    const key = Uint8Array.from({ length: keyLength(cipher) }, (_, i) => 3 * i + 1);
    const iv = new Uint8Array(size).fill(0x5a);
    const data = Uint8Array.from({ length: 3 * size }, (_, i) => i);
    let previous = iv;
    const chained: Uint8Array[] = [];
    for (let i = 0; i < 3; i++) {
      const block = data.slice(i * size, (i + 1) * size).map((byte, j) => byte ^ previous[j]);
      chained.push(previous = encryptBlock(cipher, key, block) as typeof previous);
    }
    const encrypted = encryptCbc(cipher, key, iv, data);
    expect(encrypted).toEqual(concat(...chained));
    expect(decryptCbc(cipher, key, iv, encrypted)).toEqual(data);
    expect(encryptCbc(cipher, key, iv, new Uint8Array(0)).length).toBe(0);
  });

  test.each(CIPHERS)('%s refuses wrong lengths', (cipher) => {
    const key = new Uint8Array(keyLength(cipher));
    const iv = new Uint8Array(blockSize(cipher));
    for (
      const run of [
        () => encryptCbc(cipher, key.subarray(1), iv, iv),
        () => encryptCbc(cipher, key, iv.subarray(1), iv),
        () => encryptCbc(cipher, key, iv, iv.subarray(1)),
        () => decryptCbc(cipher, key, iv, iv.subarray(1)),
        () => decryptBlock(cipher, key, iv.subarray(1)),
        () => mac(cipher, key.subarray(1), iv),
      ]
    ) expect(failure(run)[0]).toBe('CRYPTO_INPUT');
  });

  test('parity of DES keys becomes odd', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    for (const [i, byte] of adjustDesParity(all).entries()) {
      expect(byte >> 1).toBe(i >> 1);
      expect(byte.toString(2).replaceAll('0', '').length % 2).toBe(1);
    }
  });
});

describe('padding method 2 of ISO 9797-1', () => {
  test('goes on and comes off', () => {
    for (const size of [8, 16]) {
      for (let length = 0; length < 40; length++) {
        const data = new Uint8Array(length).fill(0x80);
        const padded = padIso9797(data, size);
        expect(padded.length % size).toBe(0);
        expect(padded.length).toBeGreaterThan(length);
        expect(unpadIso9797(padded, size)).toEqual(data);
      }
    }
  });

  test.each(['', '0000000000000000', '8000000000000001', '80000000000000', '0100000000000000'])(
    'refuses %p in one way',
    (bytes) => {
      expect(failure(() => unpadIso9797(hex(bytes), 8))).toEqual([
        'CRYPTO_PADDING',
        'padding is not that of ISO 9797-1 method 2',
      ]);
    },
  );

  test('is looked for in the last block only', () => {
    expect(failure(() => unpadIso9797(hex('8000000000000000 0000000000000000'), 8))[0])
      .toBe('CRYPTO_PADDING');
  });
});

describe('hashes', () => {
  test.each(
    [
      ['SHA-1', 'A9993E364706816ABA3E25717850C26C9CD0D89D'],
      ['SHA-224', '23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7'],
      ['SHA-256', 'BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD'],
    ] as const,
  )('%s of "abc"', (hash, expected) => {
    expect(toHex(digest(hash, hex('61'), hex('6263')))).toBe(expected);
  });

  test('names, identifiers and lengths belong together', () => {
    for (const hash of HASH_NAMES) {
      expect(hashByOid(hashOid(hash))).toBe(hash);
      expect(digest(hash).length).toBe(hashLength(hash));
    }
    expect(failure(() => hashByOid('1.2.840.113549.2.5'))).toEqual([
      'CRYPTO_UNSUPPORTED',
      'hash function 1.2.840.113549.2.5',
    ]);
  });
});

describe('MAC', () => {
  test('CMAC of SP 800-38B D.1', () => {
    const key = hex('2B7E151628AED2A6ABF7158809CF4F3C');
    const message = hex(
      '6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411',
    );
    expect(toHex(mac('AES-128', key, hex('')))).toBe('BB1D6929E9593728');
    expect(toHex(mac('AES-128', key, message.subarray(0, 16)))).toBe('070A16B46B4D4144');
    expect(toHex(mac('AES-128', key, message))).toBe('DFA66747DE9AE630');
  });

  test('a MAC function keeps its key when the caller erases it', () => {
    for (const cipher of CIPHERS) {
      const key = Uint8Array.from({ length: keyLength(cipher) }, (_, i) => i);
      const data = new Uint8Array(32).fill(9);
      const make = createMac(cipher, key);
      const first = make(data);
      key.fill(0);
      expect(make(data)).toEqual(first);
    }
  });

  test('retail MAC wants whole blocks', () => {
    expect(failure(() => mac('3DES', new Uint8Array(16), new Uint8Array(7)))[0])
      .toBe('CRYPTO_INPUT');
    expect(failure(() => mac('3DES', new Uint8Array(16), new Uint8Array(0)))[0])
      .toBe('CRYPTO_INPUT');
  });
});

describe('key derivation', () => {
  test('AES-192 and AES-256 use SHA-256, the others SHA-1', () => {
    const secret = hex('0102');
    const input = hex('010200000002');
    expect(deriveKey(secret, KDF_MAC, 'AES-256')).toEqual(digest('SHA-256', input));
    expect(deriveKey(secret, KDF_MAC, 'AES-192')).toEqual(digest('SHA-256', input).slice(0, 24));
    expect(deriveKey(secret, KDF_MAC, 'AES-128')).toEqual(digest('SHA-1', input).slice(0, 16));
    expect(deriveKey(secret, KDF_MAC, '3DES'))
      .toEqual(adjustDesParity(digest('SHA-1', input).slice(0, 16)));
  });
});

describeWithData('worked examples of 9303-11', ['emrtd/vectors'], () => {
  test('D.2 and D.3: keys, encryption and retail MAC of BAC', () => {
    const v = example('icao-D3-bac');
    const mrz = new TextEncoder().encode(v.mrzInformation);
    const seed = digest('SHA-1', mrz).slice(0, 16);
    expect(toHex(seed)).toBe(v.kSeed);
    expect(toHex(deriveKey(seed, KDF_ENC, '3DES'))).toBe(v.kEnc);
    expect(toHex(deriveKey(seed, KDF_MAC, '3DES'))).toBe(v.kMac);
    const iv = new Uint8Array(8);
    for (const [plain, encrypted, code] of [[v.s, v.eIfd, v.mIfd], [v.r, v.eIc, v.mIc]]) {
      expect(toHex(encryptCbc('3DES', fromHex(v.kEnc), iv, fromHex(plain)))).toBe(encrypted);
      expect(toHex(decryptCbc('3DES', fromHex(v.kEnc), iv, fromHex(encrypted)))).toBe(plain);
      expect(toHex(mac('3DES', fromHex(v.kMac), padIso9797(fromHex(encrypted), 8)))).toBe(code);
    }
    expect(toHex(deriveKey(fromHex(v.sessionSeed), KDF_ENC, '3DES'))).toBe(v.ksEnc);
    expect(toHex(deriveKey(fromHex(v.sessionSeed), KDF_MAC, '3DES'))).toBe(v.ksMac);
  });

  test.each(['icao-G1-pace-ecdh-gm', 'icao-G2-pace-dh-gm', 'icao-H1-pace-ecdh-im'])(
    '%s: password key, nonce and session keys',
    (name) => {
      const v = example(name);
      const password = new TextEncoder().encode(v.mrzInformation ?? v.password);
      const secret = v.passwordKind === 'MRZ' ? digest('SHA-1', password) : password;
      const kPi = deriveKey(secret, KDF_PI, 'AES-128');
      expect(toHex(kPi)).toBe(v.kPi);
      const nonce = decryptCbc('AES-128', kPi, new Uint8Array(16), fromHex(v.encryptedNonce));
      expect(toHex(nonce)).toBe(v.nonce);
      const shared = fromHex(v.sharedSecret);
      expect(toHex(deriveKey(shared, KDF_ENC, 'AES-128'))).toBe(v.ksEnc);
      expect(toHex(deriveKey(shared, KDF_MAC, 'AES-128'))).toBe(v.ksMac);
    },
  );
});
