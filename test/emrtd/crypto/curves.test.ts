import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import {
  add,
  curveByName,
  decodePoint,
  ecdh,
  encodePoint,
  fromHex,
  generateKeyPair,
  generator,
  multiply,
  type Point,
  randomScalar,
  toHex,
} from '../../../emrtd/crypto/mod.ts';
import { NAMED_CURVES } from '../../../emrtd/crypto/named-curves.ts';
import { weierstrassPoint } from '../../../emrtd/crypto/weierstrass.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { failure, hex } from '../asn1/support.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const byName = NAMED_CURVES.map((curve) => [curve.name, curve] as const);
const p256 = curveByName('P-256');

describe('points', () => {
  test.each(byName)('%s: both encodings read back', (_, curve) => {
    for (let i = 0; i < 5; i++) {
      const { publicKey } = generateKeyPair(curve, random);
      for (const form of ['uncompressed', 'compressed'] as const) {
        expect(decodePoint(curve, encodePoint(curve, publicKey, form))).toEqual(publicKey);
      }
    }
  });

  test.each(byName)('%s: points off the curve are refused', (_, curve) => {
    const good = generator(curve);
    const bad: Point[] = [
      { x: good.x, y: good.y + 1n },
      { x: good.y, y: good.x },
      { x: 0n, y: 0n },
      { x: good.x + curve.p, y: good.y },
      { x: -good.x, y: good.y },
    ];
    for (const point of bad) {
      expect(failure(() => ecdh(curve, 2n, point))[0]).toBe('CRYPTO_KEY');
      expect(failure(() => multiply(curve, 2n, point))[0]).toBe('CRYPTO_KEY');
      expect(failure(() => add(curve, good, point))[0]).toBe('CRYPTO_KEY');
    }
    const off = encodePoint(curve, { x: good.x, y: good.y ^ 1n });
    expect(failure(() => decodePoint(curve, off))).toEqual([
      'CRYPTO_KEY',
      `point is not on curve ${curve.name}`,
    ]);
  });

  test('other forms and lengths are refused', () => {
    const bytes = encodePoint(p256, generator(p256));
    const hybrid = Uint8Array.from(bytes);
    hybrid[0] = 0x07;
    const none = hex('');
    for (const bad of [none, hex('00'), bytes.subarray(1), bytes.subarray(0, 64), hybrid]) {
      expect(failure(() => decodePoint(p256, bad))[0]).toBe('CRYPTO_KEY');
    }
    const noSuchX = new Uint8Array(33);
    noSuchX.set([2]);
    noSuchX[32] = 1;
    expect(failure(() => decodePoint(p256, noSuchX))[0]).toBe('CRYPTO_KEY');
    const beyond = new Uint8Array(33).fill(0xff);
    beyond[0] = 3;
    expect(failure(() => decodePoint(p256, beyond))[0]).toBe('CRYPTO_KEY');
  });
});

describe('scalar multiplication', () => {
  test.each(byName)('%s: agrees with another implementation', (_, curve) => {
    const points = weierstrassPoint(curve);
    const { publicKey } = generateKeyPair(curve, random);
    const special = [1n, 2n, 3n, curve.n - 3n, curve.n - 2n, curve.n - 1n];
    const drawn = [1, 2, 3].map(() => randomScalar(curve.n, random));
    for (const k of [...special, ...drawn]) {
      for (const point of [publicKey, generator(curve)]) {
        const { x, y } = points.fromAffine(point).multiplyUnsafe(k).toAffine();
        expect(multiply(curve, k, point)).toEqual({ x, y });
        expect(BigInt(`0x${toHex(ecdh(curve, k, point))}`)).toBe(x);
      }
    }
  });

  test.each(byName)('%s: both sides of ECDH get one secret of field length', (_, curve) => {
    const one = generateKeyPair(curve, random);
    const two = generateKeyPair(curve, random);
    const secret = ecdh(curve, one.privateKey, two.publicKey);
    expect(ecdh(curve, two.privateKey, one.publicKey)).toEqual(secret);
    expect(secret.length).toBe(curve.fieldLength);
  });

  test.each(byName)('%s: scalars outside 1 to n - 1 are refused', (_, curve) => {
    for (const k of [0n, -1n, curve.n, curve.n + 1n]) {
      expect(failure(() => multiply(curve, k, generator(curve)))[0]).toBe('CRYPTO_KEY');
      expect(failure(() => ecdh(curve, k, generator(curve)))[0]).toBe('CRYPTO_KEY');
    }
  });

  test.each(byName)('%s: addition follows the multiples of the generator', (_, curve) => {
    const g = generator(curve);
    const two = add(curve, g, g);
    expect(two).toEqual(multiply(curve, 2n, g));
    expect(add(curve, two, g)).toEqual(multiply(curve, 3n, g));
    const negative = { x: g.x, y: curve.p - g.y };
    expect(failure(() => add(curve, g, negative))).toEqual([
      'CRYPTO_KEY',
      `sum of points on ${curve.name} is infinity`,
    ]);
  });
});

describe('random scalars', () => {
  test('are what the source gives when it is in range', () => {
    expect(randomScalar(p256.n, () => new Uint8Array(32).fill(1)))
      .toBe(BigInt(`0x${'01'.repeat(32)}`));
  });

  test('are drawn again when out of range, and bits above n do not count', () => {
    const draws = [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(32).fill(2)];
    expect(randomScalar(p256.n, () => draws.shift() as Uint8Array))
      .toBe(BigInt(`0x${'02'.repeat(32)}`));
    const p521 = curveByName('P-521');
    expect(randomScalar(p521.n, (length) => new Uint8Array(length).fill(0xaa)).toString(2).length)
      .toBeLessThanOrEqual(521);
  });

  test('from a broken source are refused', () => {
    expect(failure(() => randomScalar(p256.n, (length) => new Uint8Array(length)))[0])
      .toBe('CRYPTO_INPUT');
  });
});

const G1 = 'emrtd/vectors/icao-G1-pace-ecdh-gm.json';

describeWithData('ECDH of 9303-11 G.1', [G1], () => {
  test('generic mapping and agreement', () => {
    const v = JSON.parse(readFileSync(sharedPath(G1), 'utf8')) as Record<string, string>;
    const curve = curveByName('brainpoolP256r1');
    const point = (field: string) => decodePoint(curve, fromHex(v[field]));
    const map = generateKeyPair(curve, () => fromHex(v.terminalMapPrivate));
    expect(toHex(encodePoint(curve, map.publicKey))).toBe(v.terminalMapPublic);
    const h = multiply(curve, map.privateKey, point('chipMapPublic'));
    const mapped = add(curve, multiply(curve, BigInt(`0x${v.nonce}`), generator(curve)), h);
    expect(toHex(encodePoint(curve, mapped))).toBe(v.mappedGenerator);
    const own = generateKeyPair(curve, () => fromHex(v.terminalPrivate), mapped);
    expect(toHex(encodePoint(curve, own.publicKey))).toBe(v.terminalPublic);
    expect(toHex(ecdh(curve, own.privateKey, point('chipPublic')))).toBe(v.sharedSecret);
  });
});
