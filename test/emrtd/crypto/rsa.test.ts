import { describe, expect, test } from 'bun:test';
import { constants, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { der, parseTlv } from '../../../emrtd/asn1/mod.ts';
import {
  bytesToBigInt,
  checkRsaKey,
  digest,
  encodePssParameters,
  encodeSpki,
  generateRsaKey,
  HASH_NAMES,
  hashLength,
  hashOid,
  modPow,
  parsePkcs8,
  parsePssParameters,
  parseSpki,
  type PssParameters,
  recoverIso9796,
  rsaLength,
  rsaPrivateOperation,
  rsaPublicOperation,
  rsaSignPkcs1,
  rsaSignPss,
  rsaVerifyPkcs1,
  rsaVerifyPss,
  signIso9796,
  verifyIso9796,
} from '../../../emrtd/crypto/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { failure, hex } from '../asn1/support.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const key = generateRsaKey(2048);
const other = generateRsaKey(2048);
const message = random(50);

describe('RSA keys', () => {
  test('raw operations are the powers, and undo each other', () => {
    const block = random(256);
    block[0] = 0;
    const signature = rsaPrivateOperation(key, block);
    expect(bytesToBigInt(signature)).toBe(modPow(bytesToBigInt(block), key.d, key.n));
    expect(rsaPublicOperation(key, signature)).toEqual(block);
  });

  test.each([3n, 38129n, 107903n])('exponent %p of real documents works', (e) => {
    const block = random(256);
    block[0] = 0;
    expect(bytesToBigInt(rsaPublicOperation({ n: key.n, e }, block)))
      .toBe(modPow(bytesToBigInt(block), e, key.n));
  });

  test('limits of modulus and exponent', () => {
    const { n, e } = key;
    const bad: [bigint, bigint][] = [
      [n >> 1025n | 1n, e],
      [n + 1n, e],
      [-n, e],
      [0n, e],
      [(1n << 8192n) + 1n, e],
      [n, 1n],
      [n, 0n],
      [n, -3n],
      [n, 65536n],
      [n, (1n << 32n) + 1n],
    ];
    for (const [modulus, exponent] of bad) {
      const refused = { n: modulus, e: exponent };
      expect(failure(() => checkRsaKey(refused))[0]).toBe('CRYPTO_KEY');
      expect(failure(() => rsaVerifyPkcs1(refused, 'SHA-256', message, hex('')))[0])
        .toBe('CRYPTO_KEY');
    }
    expect(checkRsaKey({ n: (1n << 8191n) + 1n, e: 3n }).e).toBe(3n);
  });

  test('input that does not fit is refused', () => {
    const n = Uint8Array.fromHex(key.n.toString(16));
    for (const bad of [new Uint8Array(255), new Uint8Array(257), n]) {
      expect(failure(() => rsaPublicOperation(key, bad))[0]).toBe('CRYPTO_SIGNATURE_FORMAT');
      expect(failure(() => rsaPrivateOperation(key, bad))[0]).toBe('CRYPTO_INPUT');
      expect(rsaVerifyPkcs1(key, 'SHA-256', message, bad)).toBe(false);
    }
  });
});

describe('RSASSA-PKCS1-v1_5', () => {
  test.each(HASH_NAMES)('%s: agrees with the runtime', (hash) => {
    const native = createPublicKey({
      key: Buffer.from(encodeSpki({ kind: 'rsa', key })),
      format: 'der',
      type: 'spki',
    });
    const signature = rsaSignPkcs1(key, hash, message);
    expect(verify(hash.replace('-', ''), message, native, signature)).toBe(true);
    expect(rsaVerifyPkcs1(key, hash, message, signature)).toBe(true);
    expect(rsaVerifyPkcs1(key, hash, random(50), signature)).toBe(false);
    expect(rsaVerifyPkcs1(other, hash, message, signature)).toBe(false);
    const wrong = hash === 'SHA-1' ? 'SHA-256' : 'SHA-1';
    expect(rsaVerifyPkcs1(key, wrong, message, signature)).toBe(false);
  });

  test('a DigestInfo without NULL is accepted, other parameters are not', () => {
    const signed = (...parameters: Uint8Array[]) => {
      const info = der.sequence(
        der.sequence(der.oid(hashOid('SHA-256')), ...parameters),
        der.octetString(digest('SHA-256', message)),
      );
      const block = new Uint8Array(256).fill(0xff);
      block.set([0, 1]);
      block[255 - info.length] = 0;
      block.set(info, 256 - info.length);
      return rsaPrivateOperation(key, block);
    };
    expect(rsaVerifyPkcs1(key, 'SHA-256', message, signed(der.nul()))).toBe(true);
    expect(rsaVerifyPkcs1(key, 'SHA-256', message, signed())).toBe(true);
    expect(rsaVerifyPkcs1(key, 'SHA-256', message, signed(der.integer(0)))).toBe(false);
  });

  test('a signature of a short exponent with rubbish behind the digest is refused', () => {
    // Bleichenbacher 2006: with e = 3 a cube root makes 00 01 FF 00 DigestInfo rubbish.
    const cubic = { n: (1n << 3071n) + 3n, e: 3n };
    const info = der.sequence(
      der.sequence(der.oid(hashOid('SHA-256')), der.nul()),
      der.octetString(digest('SHA-256', message)),
    );
    const block = new Uint8Array(384);
    block.set([0, 1, 0xff, 0]);
    block.set(info, 4);
    const target = bytesToBigInt(block);
    let root = 1n << BigInt(Math.ceil(target.toString(2).length / 3));
    for (let next = root; (next = (2n * root + target / (root * root)) / 3n) < root;) root = next;
    root += 1n;
    const cube = (root ** 3n).toString(16).padStart(768, '0');
    expect(cube.startsWith(block.slice(0, 4 + info.length).toHex())).toBe(true);
    const forged = Uint8Array.fromHex(root.toString(16).padStart(768, '0'));
    expect(rsaVerifyPkcs1(cubic, 'SHA-256', message, forged)).toBe(false);
  });
});

describe('RSASSA-PSS', () => {
  const parameters = (hash: PssParameters['hash'], saltLength: number): PssParameters => ({
    hash,
    mgfHash: hash,
    saltLength,
  });

  test.each(HASH_NAMES)('%s: agrees with the runtime', (hash) => {
    const saltLength = hashLength(hash);
    const native = createPublicKey({
      key: Buffer.from(encodeSpki({ kind: 'rsa', key })),
      format: 'der',
      type: 'spki',
    });
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const signature = rsaSignPss(key, parameters(hash, saltLength), message, random);
    expect(verify(hash.replace('-', ''), message, { key: native, padding, saltLength }, signature))
      .toBe(true);
    expect(rsaVerifyPss(key, parameters(hash, saltLength), message, signature)).toBe(true);
    expect(rsaVerifyPss(key, parameters(hash, saltLength - 1), message, signature)).toBe(false);
    expect(rsaVerifyPss(other, parameters(hash, saltLength), message, signature)).toBe(false);
  });

  test('salt and mask hash of any size, as documents have them', () => {
    const odd: PssParameters = { hash: 'SHA-256', mgfHash: 'SHA-1', saltLength: 64 };
    const signature = rsaSignPss(key, odd, message, random);
    expect(rsaVerifyPss(key, odd, message, signature)).toBe(true);
    expect(rsaVerifyPss(key, { ...odd, mgfHash: 'SHA-256' }, message, signature)).toBe(false);
    const long = { ...odd, saltLength: 300 };
    expect(rsaVerifyPss(key, long, message, signature)).toBe(false);
    expect(failure(() => rsaSignPss(key, long, message, random))[0]).toBe('CRYPTO_KEY');
  });

  test('parameters are written and read back', () => {
    for (const hash of HASH_NAMES) {
      for (const mgfHash of HASH_NAMES) {
        for (const saltLength of [0, 20, 64]) {
          const wanted = { hash, mgfHash, saltLength };
          expect(parsePssParameters(parseTlv(encodePssParameters(wanted)))).toEqual(wanted);
        }
      }
    }
    expect(encodePssParameters({ hash: 'SHA-1', mgfHash: 'SHA-1', saltLength: 20 }))
      .toEqual(hex('3000'));
  });

  test.each([
    ['another mask', '300FA10D300B0609608648016503040201', 'CRYPTO_UNSUPPORTED'],
    ['another trailer', '3005A303020102', 'CRYPTO_UNSUPPORTED'],
    ['a negative salt', '3005A2030201FF', 'ASN1_MALFORMED'],
    ['fields out of order', '300AA303020101A203020120', 'ASN1_UNEXPECTED'],
  ])('parameters with %s are refused', (_, bytes, code) => {
    expect(failure(() => parsePssParameters(parseTlv(hex(bytes))))[0]).toBe(code as never);
  });
});

describe('ISO 9796-2 scheme 1', () => {
  const challenge = hex('0102030405060708');
  const keys = [1024, 1280, 1792, 2048].map((bits) => [bits, generateRsaKey(bits)] as const);

  test.each(keys)('%d bits: every hash, trailer, length of M1 and form', (_, signer) => {
    for (const hash of HASH_NAMES) {
      for (const trailer of ['implicit', 'explicit'] as const) {
        for (const recoverableLength of [undefined, 0, 1, 20]) {
          for (const complement of [false, true]) {
            const options = {
              hash,
              trailer,
              complement,
              ...(recoverableLength === undefined ? {} : { recoverableLength }),
            };
            const signature = signIso9796(signer, challenge, random, options);
            const result = verifyIso9796(signer, challenge, signature);
            expect([result?.hash, result?.trailer]).toEqual([hash, trailer]);
            const most = rsaLength(signer) - hashLength(hash) - (trailer === 'implicit' ? 2 : 3);
            expect(result?.recovered.length).toBe(recoverableLength ?? most);
            expect(verifyIso9796(signer, hex('0102030405060709'), signature)).toBeUndefined();
          }
        }
      }
    }
  });

  const [, signer] = keys[0];
  const length = rsaLength(signer);
  const block = (change: (bytes: Uint8Array) => void) => {
    const message1 = new Uint8Array(length - 22).fill(0x11);
    const bytes = new Uint8Array(length);
    bytes[0] = 0x6a;
    bytes.set(message1, 1);
    bytes.set(digest('SHA-1', message1, challenge), length - 21);
    bytes[length - 1] = 0xbc;
    change(bytes);
    return rsaPrivateOperation(signer, bytes);
  };

  test('opens to M1 and the digest', () => {
    const opening = recoverIso9796(signer, block(() => {}));
    expect(opening.partial).toBe(true);
    expect(opening.trailer).toBe('implicit');
    expect(opening.hashes).toEqual(HASH_NAMES);
    expect(opening.payload.length).toBe(length - 2);
  });

  test('total recovery says nothing of the challenge, so it is no proof', () => {
    const message1 = new Uint8Array(length - 22).fill(0x11);
    const total = block((bytes) => {
      bytes[0] = 0x4a;
      bytes.set(digest('SHA-1', message1), length - 21);
    });
    expect(recoverIso9796(signer, total).partial).toBe(false);
    expect(verifyIso9796(signer, challenge, total)).toBeUndefined();
    expect(verifyIso9796(signer, hex(''), total)?.hash).toBe('SHA-1');
  });

  test.each<[string, (bytes: Uint8Array) => void, string]>([
    ['another header', (b) => b.fill(0x0a, 0, 1), 'CRYPTO_SIGNATURE_FORMAT'],
    ['a header bit too many', (b) => b.fill(0x7a, 0, 1), 'CRYPTO_SIGNATURE_FORMAT'],
    ['padding that is not B', (b) => b.set([0x6b, 0xbc]), 'CRYPTO_SIGNATURE_FORMAT'],
    [
      'no end of the padding',
      (b) => b.fill(0xbb).fill(0x6b, 0, 1).fill(0xbc, length - 1),
      'CRYPTO_SIGNATURE_FORMAT',
    ],
    [
      'padding up to the trailer',
      (b) => b.fill(0xbb).fill(0x6b, 0, 1).fill(0xba, length - 2).fill(0xbc, length - 1),
      'CRYPTO_SIGNATURE_FORMAT',
    ],
    ['another trailer', (b) => b.fill(0x0c, length - 1), 'CRYPTO_SIGNATURE_FORMAT'],
    ['an unknown hash', (b) => b.set([0x37, 0xcc], length - 2), 'CRYPTO_UNSUPPORTED'],
  ])('%s is refused', (_, change, code) => {
    expect(failure(() => recoverIso9796(signer, block(change)))[0]).toBe(code as never);
  });

  test('a real document with a key of 1792 bits', () => {
    // DG15, RND.IFD and the answer of a session recorded by gmrtd (MIT licence), active_auth_test.go.
    const spki = hex(
      '3081FF300D06092A864886F70D01010105000381ED003081E90281E100' +
        'BB8F93F4DC95E205CDA17C6927AB1E365B13065D03CD12E0FCE95D96840529453202F56CC4C13F77CD062930C8BC89A2' +
        '873B257045C286E601CF3C09323A53103314902804AA10A314628CE222206A8866946A36B442041BB54AC81E6855DD1D' +
        '6E16101833D65A191C20AC8B33B8A1A32920F46043F8031CF2BC17417030865FC5BE5A39DEE423BCBA3CA8177168EB23' +
        'CFE01BA43EC87711B1CFFF85DB46F300DD8AE317B50D543B573E119E23AF7070D0B2FED6A3B2313A5EC02A531AAED174' +
        '1F4390D1013E2A0F081EAC5DC8B0A1B2C6BDB1206F08D30E3643E1E5BDF53611' +
        '0203010001',
    );
    const answer = hex(
      '474256306840C0AB1B63C10E1C26BDFEF4A0DD843920283CC4E6E70A60F2BD25DC7725F9677BC1CDE66379DC28B38E84' +
        '90F33AFB2D10F9980C44C0BFC175D2B6684218F535C92FDD3E18DB770A9CCBF91DB3C7F0138E6D9E94B9BC8371761E3A' +
        'BED5E5E9B260279CFB238B58AE0D6A01DA51C74C2A3ECD62C448BD9F20127F7384587287FA971204234E55B1A856C3E5' +
        'AAAA620BB799A68FBAE08EE132BB61683EBA9B0B40DC1E54641CAD975B16991CAB50AF82E3F3985AFD19E7427A125F5B' +
        '4B9878B12A5D2E01C7EEDCA3BB41C6FC05DCCD818BCE379D04B1F2F5D43487D3',
    );
    const document = parseSpki(spki);
    if (document.kind !== 'rsa') throw new Error('not an RSA key');
    const result = verifyIso9796(document.key, hex('96302B0F3D7E7864'), answer);
    expect([result?.hash, result?.trailer, result?.recovered.length]).toEqual([
      'SHA-256',
      'explicit',
      189,
    ]);
    expect(verifyIso9796(document.key, hex('96302B0F3D7E7865'), answer)).toBeUndefined();
  });

  test('a trailer that names another hash does not verify', () => {
    expect(verifyIso9796(signer, challenge, block((b) => b.set([0x34, 0xcc], length - 2))))
      .toBeUndefined();
  });

  test('a signature of another key has no structure or does not verify', () => {
    for (let i = 0; i < 50; i++) {
      const signature = random(length);
      signature[0] = 0;
      try {
        expect(verifyIso9796(signer, challenge, signature)).toBeUndefined();
      } catch (error) {
        expect(['CRYPTO_SIGNATURE_FORMAT', 'CRYPTO_UNSUPPORTED']).toContain(
          (error as { code: string }).code,
        );
      }
    }
  });

  test('a key of not whole bytes or too short is refused', () => {
    const uneven = { n: (1n << 1029n) + 1n, e: 3n };
    expect(failure(() => recoverIso9796(uneven, new Uint8Array(129)))[0])
      .toBe('CRYPTO_UNSUPPORTED');
    const options = { hash: 'SHA-1', trailer: 'implicit', recoverableLength: 107 } as const;
    expect(failure(() => signIso9796(signer, challenge, random, options))[0]).toBe('CRYPTO_KEY');
  });
});

describeWithData('BSI TR-03105 reference document', ['emrtd/bsi-tr03105'], () => {
  test('its Active Authentication key pair signs and verifies', () => {
    const read = (name: string) =>
      new Uint8Array(readFileSync(sharedPath(`emrtd/bsi-tr03105/${name}`)));
    const priv = parsePkcs8(read('aa-key.pkcs8.der'));
    const pub = parseSpki(read('aa-public.spki.der'));
    if (priv.kind !== 'rsa' || pub.kind !== 'rsa') throw new Error('not RSA keys');
    const challenge = random(8);
    const options = { hash: 'SHA-1', trailer: 'implicit' } as const;
    const signature = signIso9796(priv.key, challenge, random, options);
    expect(verifyIso9796(pub.key, challenge, signature)?.hash).toBe('SHA-1');
    expect(sign('sha1', challenge, {
      key: Buffer.from(read('aa-key.pkcs8.der')),
      format: 'der',
      type: 'pkcs8',
    })).toEqual(Buffer.from(rsaSignPkcs1(priv.key, 'SHA-1', challenge)));
  });
});
