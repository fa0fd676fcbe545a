/** Personalisation: equal descriptions give equal chips, and what is issued verifies. */
import { describe, expect, test } from 'bun:test';
import {
  type ChipDescription,
  createAuthority,
  ISSUE_FAULTS,
  LINE_FAULTS,
  personalise,
  seededRandom,
  seededRsaKey,
  type SignatureChoice,
} from '../../../emrtd/chip/mod.ts';
import { EmrtdError } from '../../../emrtd/errors.ts';
import { parseDg1, parseDg14, parseDg2 } from '../../../emrtd/lds/mod.ts';
import { passiveAuthentication } from '../../../emrtd/auth/passive.ts';
import { importInto, TrustStore } from '../../../emrtd/pki/mod.ts';
import { CHECKED_AT, ERIKSSON, PHOTO, specimen } from './support.ts';

function errorOf(run: () => unknown): EmrtdError {
  try {
    run();
  } catch (error) {
    if (error instanceof EmrtdError) return error;
    throw error;
  }
  throw new Error('no error');
}

function verdict(description: ChipDescription) {
  const { csca, crl, sod, groups } = personalise(description);
  const files = [{ name: 'csca.cer', bytes: csca }, { name: 'ds.crl', bytes: crl }];
  const { store, report } = importInto(TrustStore.empty, files, { at: CHECKED_AT });
  expect(report.added).toHaveLength(2);
  return passiveAuthentication({
    sod: sod ?? new Uint8Array(),
    groups,
    trust: store,
    at: CHECKED_AT,
    revocation: 'required',
  });
}

describe('personalisation', () => {
  test('equal descriptions give equal files, another seed another key', () => {
    const [first, second] = [personalise(specimen()), personalise(specimen())];
    expect(first.sod).toEqual(second.sod);
    expect(first.csca).toEqual(second.csca);
    expect(personalise(specimen({ seed: 'other' })).csca).not.toEqual(first.csca);
  });

  test('the zone and the photo are those of the description', () => {
    const { groups, mrz } = personalise(specimen({ photoWidthPixels: 30, photoHeightPixels: 40 }));
    const zone = parseDg1(groups.get(1) ?? new Uint8Array());
    expect(zone.data.lines.join('')).toBe(mrz);
    expect(zone.findings).toEqual([]);
    const face = parseDg2(groups.get(2) ?? new Uint8Array());
    expect(face.findings).toEqual([]);
    expect(face.data.images).toMatchObject([
      { format: 'jpeg', bytes: PHOTO, widthPixels: 30, heightPixels: 40 },
    ]);
  });

  const SIGNATURES: SignatureChoice[] = [
    { kind: 'rsa-pkcs1', bits: 2048, hash: 'SHA-256' },
    { kind: 'rsa-pss', bits: 2048, hash: 'SHA-384' },
    { kind: 'ecdsa', curve: 'P-384', hash: 'SHA-384', parameters: 'named' },
    { kind: 'ecdsa', curve: 'brainpoolP256r1', hash: 'SHA-256' },
  ];
  for (const signature of SIGNATURES) {
    test(`security object signed with ${JSON.stringify(signature)}`, () => {
      const result = verdict(specimen({ signature, securityObjectVersion: 1 }));
      expect(result.authentic).toBe(true);
      expect(result.securityObject?.ldsVersion).toBe('0108');
      expect(result.deviations).toEqual([]);
    });
  }

  test('DG14 has the infos of EF.CardAccess and of the proofs', () => {
    const { groups } = personalise(specimen({
      pace: [
        { mapping: 'GM', parameterId: 0, cipher: '3DES', explicitId: 32 },
        { mapping: 'IM', parameterId: 18, cipher: 'AES-256' },
      ],
      chipAuthentication: [
        { parameterId: 1, cipher: 'AES-192', keyId: 1 },
        { parameterId: 9, cipher: '3DES', keyId: 200 },
      ],
      activeAuthentication: { kind: 'ecdsa', curve: 'P-256', hash: 'SHA-256' },
    }));
    const { data, findings } = parseDg14(groups.get(14) ?? new Uint8Array());
    expect(findings).toEqual([]);
    expect(data.unknown).toEqual([]);
    expect(data.pace).toHaveLength(2);
    expect(data.paceDomainParameters).toMatchObject([{ keyAgreement: 'DH', parameterId: 32 }]);
    const keyIds = new Set(data.chipAuthentication.map(({ keyId }) => keyId));
    expect(keyIds).toEqual(new Set<bigint | undefined>([1n, 200n]));
    expect(data.chipAuthenticationPublicKeys).toHaveLength(2);
    expect(data.activeAuthentication).toHaveLength(1);
  });

  test('documents may share one authority', () => {
    const authority = createAuthority(specimen());
    const other = personalise(specimen({ seed: 'second document' }), authority);
    expect(other.csca).toEqual(personalise(specimen()).csca);
  });

  test('descriptions that contradict themselves are refused', () => {
    const cam = specimen({ pace: [{ mapping: 'CAM', parameterId: 0, cipher: 'AES-128' }] });
    expect(errorOf(() => personalise(cam)).code).toBe('CHIP_DESCRIPTION');
    const holder = { ...ERIKSSON, documentNumber: 'L898902C3X' };
    expect(errorOf(() => personalise(specimen({ holder }))).message)
      .toBe('document number does not fit into TD3');
    const name = { ...ERIKSSON, primaryIdentifier: 'ÅSTRÖM' };
    expect(errorOf(() => personalise(specimen({ holder: name }))).code).toBe('CHIP_DESCRIPTION');
    const reserved = specimen({ pace: [{ mapping: 'GM', parameterId: 5, cipher: '3DES' }] });
    expect(errorOf(() => personalise(reserved)).code).toBe('CRYPTO_UNSUPPORTED');
  });

  test('every fault says what it does', () => {
    for (const text of [...Object.values(ISSUE_FAULTS), ...Object.values(LINE_FAULTS)]) {
      expect(text.length).toBeGreaterThan(10);
    }
  });
});

describe('seeded randomness', () => {
  test('is a stream: the same bytes however they are drawn', () => {
    const whole = seededRandom('x')(100);
    const random = seededRandom('x');
    const parts = [random(1), random(31), random(33), random(35)];
    expect(parts.flatMap((part) => [...part])).toEqual([...whole]);
    expect(seededRandom('y')(100)).not.toEqual(whole);
  });

  test('RSA keys have the length asked for and fit together', () => {
    for (const bits of [1024, 1280, 2048]) {
      const { n, e, d, p, q, qi } = seededRsaKey(bits, seededRandom(`rsa ${bits}`));
      expect(n.toString(2).length).toBe(bits);
      expect(n).toBe(p * q);
      expect((e * d) % (p - 1n)).toBe(1n);
      expect((e * d) % (q - 1n)).toBe(1n);
      expect((q * qi) % p).toBe(1n);
    }
  });
});
