import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import {
  checkPublicValue,
  type Curve,
  curveByName,
  type DhGroup,
  dhMultiply,
  dhPower,
  dhSharedSecret,
  explicitGroup,
  fromHex,
  generateDhKeyPair,
  generator,
  isOnCurve,
  isPrime,
  modInverse,
  modPow,
  STANDARDIZED_DOMAIN_IDS,
  standardizedDomain,
  toHex,
} from '../../../emrtd/crypto/mod.ts';
import { weierstrassPoint } from '../../../emrtd/crypto/weierstrass.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { failure } from '../asn1/support.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

function domains(): { curves: [number, Curve][]; groups: [number, DhGroup][] } {
  const curves: [number, Curve][] = [];
  const groups: [number, DhGroup][] = [];
  for (const id of STANDARDIZED_DOMAIN_IDS) {
    const domain = standardizedDomain(id);
    if (domain.kind === 'ec') curves.push([id, domain.curve]);
    else groups.push([id, domain.group]);
  }
  return { curves, groups };
}

const { curves, groups } = domains();

describe('standardised domain parameters', () => {
  test('are those of 9303-11 Table 6', () => {
    expect(groups.map(([id, group]) => [id, group.name])).toEqual([
      [0, 'RFC 5114 2.1, 1024/160'],
      [1, 'RFC 5114 2.2, 2048/224'],
      [2, 'RFC 5114 2.3, 2048/256'],
    ]);
    expect(curves.map(([id, curve]) => [id, curve.name, curve.bits])).toEqual([
      [8, 'P-192', 192],
      [9, 'brainpoolP192r1', 192],
      [10, 'P-224', 224],
      [11, 'brainpoolP224r1', 224],
      [12, 'P-256', 256],
      [13, 'brainpoolP256r1', 256],
      [14, 'brainpoolP320r1', 320],
      [15, 'P-384', 384],
      [16, 'brainpoolP384r1', 384],
      [17, 'brainpoolP512r1', 512],
      [18, 'P-521', 521],
    ]);
    for (const id of [3, 7, 19, 31, -1, 1.5]) {
      expect(failure(() => standardizedDomain(id))[0]).toBe('CRYPTO_UNSUPPORTED');
    }
  });

  test.each(curves)('%d: p and n are prime, G is on the curve and has order n', (_, curve) => {
    const { p, a, b, n, h } = curve;
    expect(isPrime(p)).toBe(true);
    expect(isPrime(n)).toBe(true);
    expect(h).toBe(1n);
    expect((4n * a ** 3n + 27n * b ** 2n) % p).not.toBe(0n);
    expect(isOnCurve(curve, generator(curve))).toBe(true);
    const base = weierstrassPoint(curve).BASE;
    expect(base.multiplyUnsafe(n - 1n).add(base).is0()).toBe(true);
  });

  test.each(groups)('%d: p and q are prime, q divides p - 1, g has order q', (id, group) => {
    const { p, g, q } = group;
    expect(isPrime(p)).toBe(true);
    expect(q === undefined ? false : isPrime(q)).toBe(true);
    expect((p - 1n) % (q as bigint)).toBe(0n);
    expect(g > 1n && modPow(g, q as bigint, p) === 1n).toBe(true);
    const sizes = [[1024, 160], [2048, 224], [2048, 256]];
    expect([p, q as bigint].map((value) => value.toString(2).length)).toEqual(sizes[id]);
  });
});

describe('modular arithmetic', () => {
  test('agrees with plain definitions', () => {
    for (let i = 0; i < 50; i++) {
      const base = BigInt(i) * 7919n + 3n;
      expect(modPow(base, BigInt(i), 10007n)).toBe(base ** BigInt(i) % 10007n);
      expect((modInverse(base, 10007n) * base) % 10007n).toBe(1n);
    }
    expect(modInverse(0n, 10007n)).toBe(0n);
    expect(modPow(-2n, 3n, 7n)).toBe(6n);
    expect(modPow(5n, 3n, 1n)).toBe(0n);
    for (const composite of [-7n, 0n, 1n, 561n, 3215031751n]) {
      expect(isPrime(composite)).toBe(false);
    }
  });
});

describe('Diffie-Hellman', () => {
  const group = groups[0][1];
  const { p, g, q } = group;

  test.each(groups)('group %d: both sides get one secret, as long as p', (_, each) => {
    const one = generateDhKeyPair(each, random);
    const two = generateDhKeyPair(each, random, each.g);
    const secret = dhSharedSecret(each, one.privateKey, two.publicKey);
    expect(dhSharedSecret(each, two.privateKey, one.publicKey)).toEqual(secret);
    expect(secret.length).toBe(each.length);
  });

  test.each([0n, 1n, p - 1n, p, p + 5n, -1n])('refuses the public value %#', (value) => {
    expect(failure(() => checkPublicValue(group, value))).toEqual([
      'CRYPTO_KEY',
      'Diffie-Hellman public value is out of range',
    ]);
  });

  /** An element of order 7, a factor of p - 1. */
  const small = modPow(2n, (p - 1n) / 7n, p);

  test('refuses public values of small order', () => {
    expect(small).not.toBe(1n);
    expect(modPow(small, 7n, p)).toBe(1n);
    expect(failure(() => dhSharedSecret(group, 5n, small))).toEqual([
      'CRYPTO_KEY',
      'Diffie-Hellman public value is not in the subgroup',
    ]);
  });

  test('refuses a trivial secret where q is not known', () => {
    const bare = explicitGroup(p, g * g % p);
    expect(bare.q).toBeUndefined();
    expect(failure(() => dhSharedSecret(bare, 14n, small))).toEqual([
      'CRYPTO_KEY',
      'Diffie-Hellman shared secret is trivial',
    ]);
    const minus = p - small; // of order 14, so its 7th power is p - 1
    expect(failure(() => dhSharedSecret(bare, 7n, minus))[0]).toBe('CRYPTO_KEY');
    expect(dhSharedSecret(bare, 3n, g)).toEqual(dhSharedSecret(group, 3n, g));
  });

  test('recognises the groups of RFC 5114, with q and without', () => {
    for (const [, named] of groups) {
      expect(explicitGroup(named.p, named.g, named.q)).toBe(named);
      expect(explicitGroup(named.p, named.g)).toBe(named);
    }
  });

  test('checks explicit groups once', () => {
    const first = explicitGroup(p, g * g % p, q);
    expect(explicitGroup(p, g * g % p, q)).toBe(first);
  });

  test.each([
    ['a short prime', () => explicitGroup(10007n, 5n)],
    ['a long prime', () => explicitGroup(2n ** 5000n - 1n, 5n)],
    ['a composite', () => explicitGroup(p + 2n, g)],
    ['a negative prime', () => explicitGroup(-p, g)],
    ['generator 1', () => explicitGroup(p, 1n)],
    ['generator p - 1', () => explicitGroup(p, p - 1n)],
    ['an order that does not divide p - 1', () => explicitGroup(p, g, (q as bigint) + 2n)],
    ['a composite order', () => explicitGroup(p, g, p - 1n)],
    ['a small order', () => explicitGroup(p, g, 2n)],
    ['an order of 0', () => explicitGroup(p, g, 0n)],
    ['an order that is too long', () => explicitGroup(p, g * g % p, (p - 1n) / 2n)],
    ['an order that is not that of g', () => explicitGroup(p, 3n, q)],
  ])('refuses %s', (_, run) => {
    expect(failure(run)[0]).toBe('CRYPTO_DOMAIN');
  });

  test('refuses for its length what would take long to prove', () => {
    expect(failure(() => explicitGroup(2n ** 2048n + 981n, 5n))[1]).toBe(
      'Diffie-Hellman parameters: prime of 2049 bits',
    );
    const factor = 2n ** 257n + 1n;
    expect(failure(() => explicitGroup(p, g * g % p, factor))[1]).toBe(
      'Diffie-Hellman parameters: order of 258 bits',
    );
  });
});

describeWithData('Diffie-Hellman of 9303-11 G.2', ['emrtd/vectors/icao-G2-pace-dh-gm.json'], () => {
  test('generic mapping and agreement', () => {
    const v = JSON.parse(
      readFileSync(sharedPath('emrtd/vectors/icao-G2-pace-dh-gm.json'), 'utf8'),
    ) as Record<string, string>;
    const group = groups[0][1];
    const number = (field: string) => BigInt(`0x${v[field]}`);
    expect([group.p, group.g, group.q]).toEqual([number('p'), number('g'), number('q')]);
    const map = generateDhKeyPair(group, () => fromHex(v.terminalMapPrivate));
    expect(map.publicKey).toBe(number('terminalMapPublic'));
    const h = dhPower(checkPublicValue(group, number('chipMapPublic')), map.privateKey, group);
    const mapped = dhMultiply(dhPower(group.g, number('nonce'), group), h, group);
    expect(mapped).toBe(number('mappedGenerator'));
    const own = generateDhKeyPair(group, () => fromHex(v.terminalPrivate), mapped);
    expect(own.publicKey).toBe(number('terminalPublic'));
    expect(toHex(dhSharedSecret(group, own.privateKey, number('chipPublic')))).toBe(v.sharedSecret);
  });
});

test('a named curve is found by name, others are not', () => {
  expect(curveByName('P-256').oid).toBe('1.2.840.10045.3.1.7');
  expect(failure(() => curveByName('secp256k1'))[0]).toBe('CRYPTO_UNSUPPORTED');
});
