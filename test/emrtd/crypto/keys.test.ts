import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { der, parseTlv } from '../../../emrtd/asn1/mod.ts';
import {
  curveByName,
  encodePoint,
  encodeSpki,
  explicitGroup,
  generateDhKeyPair,
  generateKeyPair,
  generateRsaKey,
  generator,
  multiply,
  parseEcPrivateKey,
  parsePkcs8,
  parseSpki,
  publicKeyOf,
  standardizedDomain,
} from '../../../emrtd/crypto/mod.ts';
import { NAMED_CURVES } from '../../../emrtd/crypto/named-curves.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { mutated, pemCertificates } from '../asn1/corpus.ts';
import { failure, hex } from '../asn1/support.ts';
import { Executions, testExecutions } from '../support/executions.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const numRuns = Number(process.env.FUZZ_RUNS ?? 2000);
/** Keys of at most 640 bits are written out in full; nothing else is copied. */
const MAX_KEY_ARRAY = 2048;
const executions = new Executions();
const COLLECTION = 'emrtd/masterlist/csca-collection.pem';

/** The SubjectPublicKeyInfo of a certificate. */
function spkiOf(certificate: Uint8Array): Uint8Array {
  return parseTlv(certificate).children()[0].children()[6].raw;
}

const P256 = curveByName('P-256');
const RSA = '1.2.840.113549.1.1.1';
const EC = '1.2.840.10045.2.1';

describe('SubjectPublicKeyInfo', () => {
  test.each(NAMED_CURVES.map((curve) => [curve.name, curve] as const))(
    '%s: named and explicit, written and read back',
    (_, curve) => {
      const { publicKey: point } = generateKeyPair(curve, random);
      for (const parameters of ['named', 'explicit'] as const) {
        const key = { kind: 'ec', curve, point, parameters } as const;
        expect(parseSpki(encodeSpki(key))).toEqual(key);
      }
    },
  );

  test('RSA, and RSA for PSS with parameters and without', () => {
    const { n, e } = generateRsaKey(1024);
    for (
      const pss of [undefined, {}, {
        parameters: { hash: 'SHA-256', mgfHash: 'SHA-1', saltLength: 64 },
      }] as const
    ) {
      const key = { kind: 'rsa', key: { n, e }, ...(pss === undefined ? {} : { pss }) } as const;
      expect(parseSpki(encodeSpki(key))).toEqual(key);
    }
    const bare = der.sequence(
      der.sequence(der.oid(RSA)),
      der.bitString(der.sequence(der.integer(n), der.integer(e))),
    );
    expect(parseSpki(bare)).toEqual({ kind: 'rsa', key: { n, e } });
  });

  test('Diffie-Hellman of X9.42 and PKCS #3', () => {
    const domain = standardizedDomain(0);
    if (domain.kind !== 'dh') throw new Error('not a group');
    const { group } = domain;
    const { publicKey: value } = generateDhKeyPair(group, random);
    expect(parseSpki(encodeSpki({ kind: 'dh', group, value }))).toEqual({
      kind: 'dh',
      group,
      value,
    });
    const without = explicitGroup(group.p, group.g * group.g % group.p);
    const even = value * value % group.p;
    expect(parseSpki(encodeSpki({ kind: 'dh', group: without, value: even })))
      .toEqual({ kind: 'dh', group: without, value: even });
    const trivial = encodeSpki({ kind: 'dh', group, value: 1n });
    expect(failure(() => parseSpki(trivial))[0]).toBe('CRYPTO_KEY');
  });

  const point = encodePoint(P256, generator(P256));
  const spki = (algorithm: Uint8Array, key: Uint8Array, ...more: Uint8Array[]) =>
    der.sequence(algorithm, der.bitString(key), ...more);
  const p256 = der.oid('1.2.840.10045.3.1.7');
  const bp256 = der.oid('1.3.36.3.3.2.8.1.1.7');

  test.each<[string, Uint8Array, string]>([
    [
      'an unknown algorithm',
      spki(der.sequence(der.oid('1.3.101.112')), point),
      'CRYPTO_UNSUPPORTED',
    ],
    ['no curve', spki(der.sequence(der.oid(EC)), point), 'ASN1_UNEXPECTED'],
    ['an implicit curve', spki(der.sequence(der.oid(EC), der.nul()), point), 'ASN1_UNEXPECTED'],
    [
      'an unknown curve',
      spki(der.sequence(der.oid(EC), der.oid('1.3.132.0.10')), point),
      'CRYPTO_UNSUPPORTED',
    ],
    ['a point of another curve', spki(der.sequence(der.oid(EC), bp256), point), 'CRYPTO_KEY'],
    ['infinity', spki(der.sequence(der.oid(EC), p256), hex('00')), 'CRYPTO_KEY'],
    ['parameters left over', spki(der.sequence(der.oid(EC), p256, p256), point), 'ASN1_UNEXPECTED'],
    [
      'fields left over',
      spki(der.sequence(der.oid(EC), p256), point, der.nul()),
      'ASN1_UNEXPECTED',
    ],
    ['RSA with parameters', spki(der.sequence(der.oid(RSA), p256), point), 'ASN1_UNEXPECTED'],
    [
      'an RSA key with bytes left over',
      spki(der.sequence(der.oid(RSA), der.nul()), hex('3006020103020103 00')),
      'ASN1_MALFORMED',
    ],
    [
      'a short RSA key',
      spki(der.sequence(der.oid(RSA), der.nul()), hex('3006020103020103')),
      'CRYPTO_KEY',
    ],
    [
      'a negative RSA modulus',
      spki(der.sequence(der.oid(RSA), der.nul()), hex('30060201FF020103')),
      'ASN1_MALFORMED',
    ],
    [
      'unused bits',
      der.sequence(der.sequence(der.oid(EC), p256), der.bitString(hex('F0'), 4)),
      'ASN1_MALFORMED',
    ],
    [
      'bytes left over',
      Uint8Array.of(...spki(der.sequence(der.oid(EC), p256), point), 0),
      'ASN1_MALFORMED',
    ],
  ])('with %s is refused', (_, bytes, code) => {
    expect(failure(() => parseSpki(bytes, 'DG15'))[0]).toBe(code as never);
  });

  test('errors name the input', () => {
    expect(failure(() => parseSpki(spki(der.sequence(der.oid('1.2.3')), point), 'DG15'))[1])
      .toBe('DG15: public key algorithm 1.2.3');
  });
});

describe('private keys', () => {
  const algorithm = der.sequence(der.oid(EC), der.oid('1.2.840.10045.3.1.7'));
  const ecKey = (value: Uint8Array, ...more: Uint8Array[]) =>
    der.sequence(der.integer(1), der.octetString(value), ...more);
  const pkcs8 = (key: Uint8Array, version = 0) =>
    der.sequence(der.integer(version), algorithm, der.octetString(key));

  test('EC keys out of range, without a curve or of another version are refused', () => {
    expect(parsePkcs8(pkcs8(ecKey(hex('05'))))).toEqual({
      kind: 'ec',
      curve: P256,
      privateKey: 5n,
    });
    const order = Uint8Array.fromHex(P256.n.toString(16));
    for (const bad of [hex('00'), order]) {
      expect(failure(() => parsePkcs8(pkcs8(ecKey(bad))))[0]).toBe('CRYPTO_KEY');
    }
    expect(failure(() => parseEcPrivateKey(ecKey(hex('05'))))).toEqual([
      'CRYPTO_KEY',
      'private key: EC key has no curve',
    ]);
    expect(failure(() => parsePkcs8(pkcs8(ecKey(hex('05')), 2)))[0]).toBe('CRYPTO_UNSUPPORTED');
    const unknown = der.sequence(
      der.integer(0),
      der.sequence(der.oid('1.3.101.112')),
      der.octetString(hex('00')),
    );
    expect(failure(() => parsePkcs8(unknown))[0]).toBe('CRYPTO_UNSUPPORTED');
  });

  test('Diffie-Hellman keys are read', () => {
    const domain = standardizedDomain(2);
    if (domain.kind !== 'dh') throw new Error('not a group');
    const { p, g, q } = domain.group;
    const bytes = der.sequence(
      der.integer(0),
      der.sequence(
        der.oid('1.2.840.10046.2.1'),
        der.sequence(der.integer(p), der.integer(g), der.integer(q as bigint)),
      ),
      der.octetString(der.integer(77)),
    );
    expect(parsePkcs8(bytes)).toEqual({ kind: 'dh', group: domain.group, privateKey: 77n });
  });
});

describeWithData('keys of the test data', ['emrtd/mock', 'emrtd/bsi-tr03105', COLLECTION], () => {
  const certificates = pemCertificates(COLLECTION);

  test('every key of 720 CSCA certificates is read', () => {
    const kinds: Record<string, number> = {};
    for (const certificate of certificates) {
      const key = parseSpki(spkiOf(certificate));
      const kind = key.kind === 'ec' ? `${key.curve.name} ${key.parameters}` : key.kind;
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
    expect(kinds).toEqual({
      rsa: 562,
      'P-256 explicit': 14,
      'P-384 explicit': 24,
      'P-384 named': 4,
      'P-521 explicit': 9,
      'P-521 named': 2,
      'brainpoolP256r1 explicit': 49,
      'brainpoolP384r1 explicit': 46,
      'brainpoolP512r1 explicit': 10,
    });
  });

  test('the private keys of the mock PKI belong to its certificates', () => {
    for (const folder of readdirSync(sharedPath('emrtd/mock'))) {
      for (const name of ['csca', 'dsc']) {
        const pem = readFileSync(sharedPath(`emrtd/mock/${folder}/${name}.key.pem`), 'utf8');
        const [, label, base64] = /BEGIN (EC )?PRIVATE KEY-----([^-]+)/.exec(pem) ?? [];
        const read = label === undefined ? parsePkcs8 : parseEcPrivateKey;
        const priv = read(Uint8Array.fromBase64(base64));
        const [certificate] = pemCertificates(`emrtd/mock/${folder}/${name}.pem`);
        const pub = parseSpki(spkiOf(certificate));
        if (priv.kind === 'ec' && pub.kind === 'ec') {
          const point = multiply(priv.curve, priv.privateKey, generator(priv.curve));
          expect([pub.curve, pub.point]).toEqual([priv.curve, point]);
        } else if (priv.kind === 'rsa' && pub.kind === 'rsa') {
          expect([pub.key.n, pub.key.e]).toEqual([priv.key.n, priv.key.e]);
        } else {
          throw new Error(`${folder}: kinds differ`);
        }
      }
    }
  });

  test('the Chip Authentication key of the BSI document is a pair', () => {
    const read = (name: string) =>
      new Uint8Array(readFileSync(sharedPath(`emrtd/bsi-tr03105/${name}`)));
    const priv = parsePkcs8(read('ca-key.pkcs8.der'));
    const pub = parseSpki(read('ca-public.spki.der'));
    if (priv.kind !== 'ec' || pub.kind !== 'ec') throw new Error('not EC keys');
    expect(pub.point).toEqual(multiply(priv.curve, priv.privateKey, generator(priv.curve)));
  });

  test('damaged keys are read or give a typed error', () => {
    const seeds = certificates.map(spkiOf);
    for (const seed of seeds) parseSpki(seed);
    let read = 0;
    fc.assert(
      fc.property(mutated(seeds), (bytes) => {
        if (executions.run(() => publicKeyOf(parseTlv(bytes)))) read++;
      }),
      { numRuns },
    );
    expect(read).toBeGreaterThan(0);
  }, 4 * 3600_000);

  testExecutions(new Map([['keys', executions]]), MAX_KEY_ARRAY);
});
