import { describe, expect, test } from 'bun:test';
import { der, parseTlv } from '../../../emrtd/asn1/mod.ts';
import {
  bigIntToBytes,
  curveByName,
  type CurveConstants,
  decodePoint,
  ecdh,
  ecdsaSign,
  ecdsaVerify,
  encodeEcParameters,
  encodePoint,
  explicitCurve,
  generateKeyPair,
  generator,
  modPow,
  parseEcParameters,
} from '../../../emrtd/crypto/mod.ts';
import { NAMED_CURVES } from '../../../emrtd/crypto/named-curves.ts';
import { failure } from '../asn1/support.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const P256 = curveByName('P-256');

/** brainpoolP256t1 of RFC 5639, which has no name here. */
const TWISTED: CurveConstants = {
  p: 0xa9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377n,
  a: 0xa9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5374n,
  b: 0x662c61c430d84ea4fe66a7733d0b76b7bf93ebc4af2f49256ae58101fee92b04n,
  n: 0xa9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7n,
  gx: 0xa3e8eb3cc1cfe7b7732213b23a656149afa142c47aafbc2b79a191562e1305f4n,
  gy: 0x2d996c823439c56d7f7b22e14644417e69bcb6de39d027001dabe8f35b25c9ben,
};

/** secp256k1 with cofactor 1 and a = 0. */
const KOBLITZ: CurveConstants = {
  p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn,
  a: 0n,
  b: 7n,
  n: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  gx: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  gy: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
};

interface Parameters {
  version?: number;
  field?: string;
  base?: Uint8Array;
  seed?: Uint8Array;
  cofactor?: Uint8Array;
}

function encode(constants: CurveConstants, options: Parameters = {}): Uint8Array {
  const { p, a, b, n, gx, gy } = constants;
  const length = Math.ceil(p.toString(16).length / 2);
  const base = options.base ??
    Uint8Array.of(4, ...bigIntToBytes(gx, length), ...bigIntToBytes(gy, length));
  return der.sequence(
    der.integer(options.version ?? 1),
    der.sequence(der.oid(options.field ?? '1.2.840.10045.1.1'), der.integer(p)),
    der.sequence(
      der.octetString(bigIntToBytes(a, length)),
      der.octetString(bigIntToBytes(b, length)),
      ...(options.seed === undefined ? [] : [der.bitString(options.seed)]),
    ),
    der.octetString(base),
    der.integer(n),
    options.cofactor ?? der.integer(1),
  );
}

/** The parameters of TWISTED with a million zeros before a. */
function longCoefficient(): Uint8Array {
  const { p, a, b, n } = TWISTED;
  return der.sequence(
    der.integer(1),
    der.sequence(der.oid('1.2.840.10045.1.1'), der.integer(p)),
    der.sequence(
      der.octetString(bigIntToBytes(a, 1_000_000)),
      der.octetString(bigIntToBytes(b, 32)),
    ),
    der.octetString(new Uint8Array(65).fill(4)),
    der.integer(n),
    der.integer(1),
  );
}

const read = (bytes: Uint8Array) => parseEcParameters(parseTlv(bytes));

describe('explicit parameters', () => {
  test('of a named curve are that curve, with a seed and with a compressed generator', () => {
    for (const curve of NAMED_CURVES) {
      expect(read(encodeEcParameters(curve))).toBe(curve);
      expect(read(encode(curve, { seed: new Uint8Array(20).fill(5), version: 2 }))).toBe(curve);
      const base = encodePoint(curve, generator(curve), 'compressed');
      expect(read(encode(curve, { base }))).toBe(curve);
    }
  });

  test.each([['brainpoolP256t1', TWISTED], ['secp256k1', KOBLITZ]])(
    '%s is checked once and can be used',
    (_, constants) => {
      const curve = read(encode(constants));
      expect(curve.name).toBe('explicit');
      expect(curve.oid).toBeUndefined();
      expect(read(encode(constants))).toBe(curve);
      const one = generateKeyPair(curve, random);
      const two = generateKeyPair(curve, random);
      expect(ecdh(curve, one.privateKey, two.publicKey))
        .toEqual(ecdh(curve, two.privateKey, one.publicKey));
      const message = random(20);
      const signature = ecdsaSign(curve, one.privateKey, 'SHA-256', message);
      expect(ecdsaVerify(curve, one.publicKey, 'SHA-256', message, signature)).toBe(true);
      expect(ecdsaVerify(curve, two.publicKey, 'SHA-256', message, signature)).toBe(false);
      const written = encodePoint(curve, one.publicKey, 'compressed');
      expect(decodePoint(curve, written)).toEqual(one.publicKey);
      expect(read(encodeEcParameters(curve)).n).toBe(curve.n);
    },
  );

  test('a compressed generator of an unnamed curve is found', () => {
    const length = 32;
    const even = KOBLITZ.gy & 1n ? 3 : 2;
    const base = Uint8Array.of(even, ...bigIntToBytes(KOBLITZ.gx, length));
    expect(read(encode(KOBLITZ, { base })).gy).toBe(KOBLITZ.gy);
  });

  const { p, n } = P256;
  test.each<[string, CurveConstants, string]>([
    ['another generator point off the curve', { ...P256, gy: P256.gy + 1n }, 'generator is off'],
    ['generator (0, 0)', { ...P256, gx: 0n, gy: 0n }, 'generator is off the curve'],
    ['another order', { ...P256, n: n - 2n }, 'order is not prime'],
    ['an order of 1', { ...P256, n: 1n }, 'order is not that of the whole curve'],
    ['twice the order', { ...P256, n: 2n * n }, 'order is not that of the whole curve'],
    ['an order equal to the prime', { ...P256, n: p }, 'curve is anomalous'],
    ['a coefficient above the prime', { ...KOBLITZ, b: KOBLITZ.b + KOBLITZ.p }, 'coefficient'],
    ['a composite field', { ...KOBLITZ, p: KOBLITZ.p + 2n }, 'generator is off the curve'],
    ['a short prime', { ...P256, p: 2n ** 127n - 1n, n: 2n ** 127n - 25n }, 'prime of 127 bits'],
    ['a long prime', { ...P256, p: 2n ** 1279n - 1n }, 'prime of 1279 bits'],
    ['a prime beyond P-521', { ...P256, p: 2n ** 521n + 1n, n: 2n ** 521n }, 'prime of 522 bits'],
    ['a singular curve', { ...KOBLITZ, a: 0n, b: 0n, gx: 1n, gy: 1n }, 'curve is singular'],
  ])('with %s are refused', (_, constants, message) => {
    const [code, said] = failure(() => explicitCurve(constants));
    expect(code).toBe('CRYPTO_DOMAIN');
    expect(said).toContain(message);
  });

  test('with a generator of another order are refused', () => {
    // The quadratic twist of secp256k1 has the same field but another number of points.
    const points = (x: bigint) => (x ** 3n + 11n) % KOBLITZ.p;
    let gx = 1n;
    let gy = 0n;
    for (;; gx++) {
      gy = modPow(points(gx), (KOBLITZ.p + 1n) / 4n, KOBLITZ.p);
      if (gy * gy % KOBLITZ.p === points(gx)) break;
    }
    expect(failure(() => explicitCurve({ ...KOBLITZ, b: 11n, gx, gy }))).toEqual([
      'CRYPTO_DOMAIN',
      'elliptic curve parameters: order is wrong',
    ]);
  });

  test('of a pairing curve are refused', () => {
    // alt_bn128: a sound curve of prime order, but with embedding degree 12.
    expect(failure(() =>
      explicitCurve({
        p: 21888242871839275222246405745257275088696311157297823662689037894645226208583n,
        a: 0n,
        b: 3n,
        n: 21888242871839275222246405745257275088548364400416034343698204186575808495617n,
        gx: 1n,
        gy: 2n,
      })
    )).toEqual(['CRYPTO_DOMAIN', 'elliptic curve parameters: embedding degree is 12']);
  });

  test.each<[string, Uint8Array, string]>([
    ['version 0', encode(TWISTED, { version: 0 }), 'CRYPTO_DOMAIN'],
    ['a binary field', encode(TWISTED, { field: '1.2.840.10045.1.2' }), 'CRYPTO_UNSUPPORTED'],
    ['cofactor 2', encode(TWISTED, { cofactor: der.integer(2) }), 'CRYPTO_DOMAIN'],
    ['cofactor -1', encode(TWISTED, { cofactor: der.integer(-1) }), 'CRYPTO_DOMAIN'],
    ['no cofactor', encode(TWISTED, { cofactor: new Uint8Array(0) }), 'CRYPTO_DOMAIN'],
    ['a negative order', encode({ ...TWISTED, n: -TWISTED.n }), 'CRYPTO_DOMAIN'],
    ['order 0', encode({ ...TWISTED, n: 0n }), 'CRYPTO_DOMAIN'],
    ['a long coefficient', longCoefficient(), 'CRYPTO_DOMAIN'],
    ['no generator', encode(TWISTED, { base: new Uint8Array(0) }), 'CRYPTO_DOMAIN'],
    ['infinity as generator', encode(TWISTED, { base: Uint8Array.of(0) }), 'CRYPTO_DOMAIN'],
    [
      'a field too many',
      encode(TWISTED, {
        cofactor: Uint8Array.of(...der.integer(1), ...der.nul()),
      }),
      'ASN1_UNEXPECTED',
    ],
    ['NULL', der.nul(), 'ASN1_UNEXPECTED'],
  ])('with %s are refused', (_, bytes, code) => {
    expect(failure(() => read(bytes))[0]).toBe(code as never);
  });
});
