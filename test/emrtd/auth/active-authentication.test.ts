import { describe, expect, test } from 'bun:test';
import {
  requestSignature,
  verifyActiveAuthentication,
} from '../../../emrtd/auth/active-authentication.ts';
import {
  curveByName,
  ecdsaSign,
  encodeEcdsaDer,
  encodeEcdsaPlain,
  encodeSpki,
  generateKeyPair,
  generateRsaKey,
  HASH_NAMES,
  type HashName,
  parsePkcs8,
  signIso9796,
} from '../../../emrtd/crypto/mod.ts';
import { Session } from '../../../emrtd/iso7816/mod.ts';
import { parseDg15, type SecurityInfos } from '../../../emrtd/lds/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { chip, hex, toHex } from '../iso7816/scripted-chip.ts';

const FOLDER = 'emrtd/bsi-tr03105';
const CHALLENGE = hex('0102030405060708');
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

describeWithData('active authentication with the BSI reference document', [FOLDER], () => {
  const read = async () => {
    const pkcs8 = await Bun.file(sharedPath(`${FOLDER}/aa-key.pkcs8.der`)).bytes();
    const dg15 = parseDg15(await Bun.file(sharedPath(`${FOLDER}/DG15.bin`)).bytes()).data;
    const key = parsePkcs8(pkcs8);
    if (key.kind !== 'rsa') throw new Error('not RSA');
    return { key: key.key, publicKey: dg15.publicKey };
  };

  test('its key signs and its DG15 verifies, with every trailer and hash that fits', async () => {
    const { key, publicKey } = await read();
    for (const trailer of ['implicit', 'explicit'] as const) {
      for (const hash of HASH_NAMES) {
        for (const complement of [false, true]) {
          const signature = signIso9796(key, CHALLENGE, random, { hash, trailer, complement });
          const match = verifyActiveAuthentication({ publicKey, challenge: CHALLENGE, signature });
          expect(match).toEqual({ algorithm: 'RSA', hash });
        }
      }
    }
  });

  test('another challenge, a changed bit and noise are no match', async () => {
    const { key, publicKey } = await read();
    const signing = { hash: 'SHA-1', trailer: 'implicit' } as const;
    const signature = signIso9796(key, CHALLENGE, random, signing);
    const verify = (challenge: Uint8Array, bytes: Uint8Array) =>
      verifyActiveAuthentication({ publicKey, challenge, signature: bytes });
    expect(verify(hex('0102030405060709'), signature)).toBeUndefined();
    for (let byte = 0; byte < signature.length; byte += 9) {
      const changed = signature.slice();
      changed[byte] ^= 1;
      expect(verify(CHALLENGE, changed)).toBeUndefined();
    }
    for (const noise of [new Uint8Array(0), new Uint8Array(128), signature.subarray(1)]) {
      expect(verify(CHALLENGE, noise)).toBeUndefined();
    }
  });
});

describe('active authentication with RSA keys of other lengths', () => {
  test.each([1280, 1792, 2048])('%d bits', (bits) => {
    const key = generateRsaKey(bits);
    const publicKey = encodeSpki({ kind: 'rsa', key });
    const signing = { hash: 'SHA-256', trailer: 'explicit' } as const;
    const signature = signIso9796(key, CHALLENGE, random, signing);
    expect(signature.length).toBe(bits / 8);
    const evidence = { publicKey, challenge: CHALLENGE, signature };
    expect(verifyActiveAuthentication(evidence)).toEqual({ algorithm: 'RSA', hash: 'SHA-256' });
  });
});

describe('active authentication with ECDSA', () => {
  const cases: [string, HashName][] = [
    ['brainpoolP256r1', 'SHA-256'],
    ['P-256', 'SHA-1'],
    ['brainpoolP320r1', 'SHA-256'],
    ['P-384', 'SHA-384'],
    ['P-521', 'SHA-512'],
    ['brainpoolP224r1', 'SHA-224'],
  ];

  test.each(cases)('%s with %s, plain and DER', (name, hash) => {
    const curve = curveByName(name);
    const { privateKey, publicKey: point } = generateKeyPair(curve, random);
    const publicKey = encodeSpki({ kind: 'ec', curve, point, parameters: 'explicit' });
    const value = ecdsaSign(curve, privateKey, hash, CHALLENGE);
    for (const signature of [encodeEcdsaPlain(curve, value), encodeEcdsaDer(value)]) {
      const evidence = { publicKey, challenge: CHALLENGE, signature };
      expect(verifyActiveAuthentication(evidence)).toEqual({ algorithm: 'ECDSA', hash });
      const other = { ...evidence, challenge: hex('FF02030405060708') };
      expect(verifyActiveAuthentication(other)).toBeUndefined();
    }
  });

  test('a hash that DG14 names wrongly does not stand in the way', () => {
    const curve = curveByName('P-256');
    const { privateKey, publicKey: point } = generateKeyPair(curve, random);
    const infos = {
      activeAuthentication: [{ signatureAlgorithm: '0.4.0.127.0.7.1.1.4.1.3' }],
    } as SecurityInfos;
    for (const hash of ['SHA-256', 'SHA-1'] as const) {
      const signature = encodeEcdsaPlain(curve, ecdsaSign(curve, privateKey, hash, CHALLENGE));
      const publicKey = encodeSpki({ kind: 'ec', curve, point, parameters: 'named' });
      const match = verifyActiveAuthentication({
        publicKey,
        challenge: CHALLENGE,
        signature,
        infos,
      });
      expect(match?.hash).toBe(hash);
    }
  });
});

describe('asking the chip for a signature', () => {
  const key = generateRsaKey(2048);
  const publicKey = encodeSpki({ kind: 'rsa', key });
  const signing = { hash: 'SHA-256', trailer: 'explicit' } as const;
  const signature = signIso9796(key, CHALLENGE, random, signing);
  const ok = (bytes: Uint8Array): string => `${toHex(bytes)}9000`;
  /** Secure messaging that changes nothing but says how little fits into a short answer. */
  const narrow = (session: Session): Session => {
    session.channel = {
      wrap: (command) => command,
      unwrap: (response) => response,
      maxAnswerData: (bytes) => bytes - 33,
      maxCommandData: (bytes) => bytes - 33,
    };
    return session;
  };

  test('takes an answer in parts (61xx)', async () => {
    const parts = [
      signature.subarray(0, 100),
      signature.subarray(100, 200),
      signature.subarray(200),
    ];
    const words = ['6164', '6138', '9000'];
    const transceiver = chip((_, count) => toHex(parts[count - 1]) + words[count - 1]);
    const got = await requestSignature(new Session({ transceiver }), publicKey, CHALLENGE);
    expect(got).toEqual(signature);
    expect(transceiver.commands).toEqual([
      '0088000008010203040506070800',
      '00C0000064',
      '00C0000038',
    ]);
  });

  test('asks with extended length first where the answer does not fit a short one', async () => {
    const transceiver = chip((command) =>
      command[4] === 0 ? ok(signature) : ok(signature.subarray(0, 223))
    );
    const session = narrow(new Session({ transceiver, extendedLength: true }));
    expect(await requestSignature(session, publicKey, CHALLENGE)).toEqual(signature);
    expect(transceiver.commands.length).toBe(1);
  });

  test('asks again without extended length where it is refused', async () => {
    const transceiver = chip((command) => command[4] === 0 ? '6700' : ok(signature));
    const session = narrow(new Session({ transceiver, extendedLength: true }));
    expect(await requestSignature(session, publicKey, CHALLENGE)).toEqual(signature);
    expect(transceiver.commands.length).toBe(2);
  });

  test('a cut answer is given as it is and is no match', async () => {
    const transceiver = chip(() => ok(signature.subarray(0, 223)));
    const session = narrow(new Session({ transceiver }));
    const got = await requestSignature(session, publicKey, CHALLENGE);
    expect(got.length).toBe(223);
    const evidence = { publicKey, challenge: CHALLENGE, signature: got };
    expect(verifyActiveAuthentication(evidence)).toBeUndefined();
  });

  test('a refusal names the step and the word', async () => {
    const session = new Session({ transceiver: chip(() => '6985') });
    const error = await requestSignature(session, publicKey, CHALLENGE).catch((e) => e);
    expect(error).toMatchObject({ code: 'ACTIVE_AUTHENTICATION', step: 'AA', statusWord: 0x6985 });
  });
});
