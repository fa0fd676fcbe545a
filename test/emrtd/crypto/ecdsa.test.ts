import { describe, expect, test } from 'bun:test';
import {
  curveByName,
  ecdsaSign,
  ecdsaVerify,
  encodeEcdsaDer,
  encodeEcdsaPlain,
  generateKeyPair,
  generator,
  HASH_NAMES,
  multiply,
  parseEcdsaDer,
  parseEcdsaPlain,
} from '../../../emrtd/crypto/mod.ts';
import { NAMED_CURVES } from '../../../emrtd/crypto/named-curves.ts';
import { failure, hex } from '../asn1/support.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const byName = NAMED_CURVES.map((curve) => [curve.name, curve] as const);
const P256 = curveByName('P-256');

describe('ECDSA', () => {
  test('RFC 6979 A.2.5: P-256, SHA-256, "sample"', () => {
    const key = 0xc9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721n;
    const signature = ecdsaSign(P256, key, 'SHA-256', new TextEncoder().encode('sample'));
    expect(signature).toEqual({
      r: 0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716n,
      s: 0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8n,
    });
  });

  test('RFC 6979 A.2.3: P-192, SHA-512 cut to the length of n, "sample"', () => {
    const signature = ecdsaSign(
      curveByName('P-192'),
      0x6fab034934e4c0fc9ae67f5b5659a9d7d1fefd187ee09fd4n,
      'SHA-512',
      new TextEncoder().encode('sample'),
    );
    expect(signature).toEqual({
      r: 0x4d60c5ab1996bd848343b31c00850205e2ea6922dac2e4b8n,
      s: 0x3f6e837448f027a1bf4b34e796e32a811cbb4050908d8f67n,
    });
  });

  test.each(byName)('%s: signs and verifies with every hash, in both encodings', (_, curve) => {
    const { privateKey, publicKey } = generateKeyPair(curve, random);
    const message = random(100);
    for (const hash of HASH_NAMES) {
      const signature = ecdsaSign(curve, privateKey, hash, message);
      expect(parseEcdsaDer(curve, encodeEcdsaDer(signature))).toEqual(signature);
      expect(parseEcdsaPlain(curve, encodeEcdsaPlain(curve, signature))).toEqual(signature);
      expect(ecdsaVerify(curve, publicKey, hash, message, signature)).toBe(true);
      const { r, s } = signature;
      expect(ecdsaVerify(curve, publicKey, hash, message, { r, s: curve.n - s })).toBe(true);
      expect(ecdsaVerify(curve, publicKey, hash, random(100), signature)).toBe(false);
      expect(ecdsaVerify(curve, publicKey, hash, message, { r: s, s: r })).toBe(false);
      const other = multiply(curve, 2n, publicKey);
      expect(ecdsaVerify(curve, other, hash, message, signature)).toBe(false);
    }
  });

  test.each(byName)('%s: r and s out of range never verify', (_, curve) => {
    const message = random(10);
    const values = [0n, -1n, curve.n, curve.n + 1n, 1n << 4096n];
    for (const bad of values) {
      for (const signature of [{ r: bad, s: 1n }, { r: 1n, s: bad }]) {
        expect(ecdsaVerify(curve, generator(curve), 'SHA-256', message, signature)).toBe(false);
      }
    }
  });

  test('a key off the curve or out of range is an error, not a verdict', () => {
    const point = { x: 1n, y: 1n };
    for (const name of ['P-256', 'brainpoolP256r1']) {
      const curve = curveByName(name);
      const signature = { r: 1n, s: 1n };
      expect(failure(() => ecdsaVerify(curve, point, 'SHA-1', hex(''), signature))[0])
        .toBe('CRYPTO_KEY');
      expect(failure(() => ecdsaSign(curve, 0n, 'SHA-1', hex('')))[0]).toBe('CRYPTO_KEY');
      expect(failure(() => ecdsaSign(curve, curve.n, 'SHA-1', hex('')))[0]).toBe('CRYPTO_KEY');
    }
  });
});

describe('encodings of ECDSA signatures', () => {
  test.each([
    ['nothing', ''],
    ['one integer', '3003020101'],
    ['three integers', '3009020101020101020101'],
    ['bytes left over', '300602010102010100'],
    ['bytes left over inside', '30080201010201010500'],
    ['a leading zero', '300702020001020101'],
    ['a long length', '308106020101020101'],
    ['an indefinite length', '30800201010201010000'],
    ['a negative r', '30060201FF020101'],
    ['r = 0', '3006020100020101'],
    ['s = 0', '3006020101020100'],
    ['a set', '3106020101020101'],
  ])('DER with %s is refused', (_, bytes) => {
    expect(failure(() => parseEcdsaDer(P256, hex(bytes)))[0]).toBe('CRYPTO_SIGNATURE_FORMAT');
  });

  test('plain signatures have twice the length of n', () => {
    for (const length of [0, 63, 65, 128]) {
      const bytes = new Uint8Array(length).fill(1);
      expect(failure(() => parseEcdsaPlain(P256, bytes))[0]).toBe('CRYPTO_SIGNATURE_FORMAT');
    }
    const large = new Uint8Array(64).fill(0xff);
    expect(failure(() => parseEcdsaPlain(P256, large))).toEqual([
      'CRYPTO_SIGNATURE_FORMAT',
      'ECDSA signature on P-256: r or s out of range',
    ]);
    expect(parseEcdsaPlain(curveByName('P-521'), new Uint8Array(132).fill(1).fill(0, 0, 1)).r)
      .toBe(BigInt(`0x${'01'.repeat(65)}`));
  });
});
