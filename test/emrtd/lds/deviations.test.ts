/** Deviations that real documents show, and hostile files: each is a named finding or a typed error. */
import { describe, expect, test } from 'bun:test';
import { der, tlv } from '../../../emrtd/asn1/mod.ts';
import { concat } from '../../../emrtd/crypto/mod.ts';
import {
  parseCom,
  parseDg1,
  parseDg11,
  parseDg12,
  parseDg13,
  parseDg14,
  parseDg15,
  parseDg16,
  parseDg2,
  parseDg7,
  parseLdsSecurityObject,
  parseSecurityInfos,
  parseSod,
} from '../../../emrtd/lds/mod.ts';
import { ascii, codes, dg2, errorOf, face2005, hex, JPEG, record2005 } from './support.ts';

describe('outer element', () => {
  test('another file is refused by name', () => {
    const error = errorOf(() => parseDg1(dg2(record2005([face2005(JPEG)]))));
    expect([error.code, error.message]).toEqual([
      'LDS_TAG',
      'DG1: outer tag is 75 instead of 61',
    ]);
  });

  test('bytes behind the file are ignored with a finding', () => {
    const file = concat(dg2(record2005([face2005(JPEG)])), new Uint8Array(5));
    const { data, findings } = parseDg2(file);
    expect(data.images).toHaveLength(1);
    expect(findings).toEqual([
      { file: 'DG2', code: 'trailing-bytes', message: '5 bytes after the file' },
    ]);
  });

  test('BER lengths are accepted, truncation is an error', () => {
    const file = tlv(0x60, tlv(0x5f01, ascii('0107')), tlv(0x5c, hex('6175')));
    const long = concat(hex('60 82 00'), file.subarray(1));
    expect(parseCom(long).data.dataGroups).toEqual([1, 2]);
    expect(errorOf(() => parseCom(file.subarray(0, 9))).code).toBe('ASN1_MALFORMED');
    expect(errorOf(() => parseCom(new Uint8Array())).code).toBe('ASN1_MALFORMED');
  });

  test('a claimed length of 4 GiB is refused', () => {
    expect(errorOf(() => parseDg2(hex('75 84 ffffffff 7f61'))).code).toBe('ASN1_MALFORMED');
  });
});

describe('EF.COM and EF.SOD', () => {
  test('a tag list with foreign and repeated tags', () => {
    const { data, findings } = parseCom(tlv(0x60, tlv(0x5c, hex('61 61 75 aa'))));
    expect(data).toEqual({ ldsVersion: null, unicodeVersion: null, dataGroups: [1, 2] });
    expect(codes(findings)).toEqual(['missing', 'missing', 'unexpected']);
  });

  test('EF.SOD without ContentInfo', () => {
    expect(errorOf(() => parseSod(tlv(0x77))).message).toBe('EF.SOD: no ContentInfo');
  });

  const hash = (number: number, byte: number) =>
    der.sequence(der.integer(number), der.octetString(new Uint8Array(32).fill(byte)));
  const object = (version: number, hashes: Uint8Array[], ...more: Uint8Array[]) =>
    der.sequence(
      der.integer(version),
      der.sequence(der.oid('2.16.840.1.101.3.4.2.1')),
      der.sequence(...hashes),
      ...more,
    );

  test('a data group hashed twice counts as not hashed', () => {
    const { data, findings } = parseLdsSecurityObject(
      object(0, [hash(1, 1), hash(2, 2), hash(1, 3)]),
    );
    expect([...data.hashes.keys()]).toEqual([2]);
    expect(findings[0].message).toBe('data group 1 has two hashes');
  });

  test('versions that do not fit ldsVersionInfo', () => {
    const info = der.sequence(der.printable('0108'), der.printable('040000'));
    expect(parseLdsSecurityObject(object(1, [hash(1, 1)], info)).findings).toEqual([]);
    expect(codes(parseLdsSecurityObject(object(1, [hash(1, 1)])).findings)).toEqual(['undeclared']);
    expect(codes(parseLdsSecurityObject(object(0, [hash(1, 1)], info)).findings)).toEqual([
      'undeclared',
    ]);
    expect(codes(parseLdsSecurityObject(object(7, [hash(99, 1)])).findings)).toEqual([
      'unsupported',
      'unexpected',
    ]);
  });

  test('no hashes, or more than a document can have', () => {
    expect(errorOf(() => parseLdsSecurityObject(object(0, []))).code).toBe('LDS_MALFORMED');
    const many = Array.from({ length: 40 }, (_, i) => hash(i + 1, 1));
    expect(errorOf(() => parseLdsSecurityObject(object(0, many))).code).toBe('LDS_MALFORMED');
    const extra = object(0, [hash(1, 1)], der.nul());
    expect(errorOf(() => parseLdsSecurityObject(extra)).code).toBe('ASN1_UNEXPECTED');
  });
});

describe('DG1', () => {
  test('characters outside the alphabet stay and are reported', () => {
    const zone = `P<UTO${'müller<<eva'.padEnd(39, '<')}${'L898902C36UTO7408122F1204159'}`
      .replace('ü', '\u00fc') + 'ZE184226B<<<<<10';
    const bytes = Uint8Array.from(zone, (character) => character.charCodeAt(0));
    const { data, findings } = parseDg1(tlv(0x61, tlv(0x5f1f, bytes)));
    expect(data.primaryIdentifier).toBe('m\u00fcller');
    expect(codes(findings)).toEqual(['bad-character']);
  });

  test('a zone of no document and a missing zone', () => {
    expect(errorOf(() => parseDg1(tlv(0x61, tlv(0x5f1f, ascii('P<UTO'))))).message)
      .toBe('DG1: a zone of 5 characters');
    expect(errorOf(() => parseDg1(tlv(0x61, tlv(0x5f20)))).code).toBe('LDS_MALFORMED');
  });
});

describe('DG7', () => {
  test('count that disagrees, empty image, bytes before the image', () => {
    const file = tlv(
      0x67,
      der.integer(5),
      tlv(0x5f43),
      tlv(0x5f43, new Uint8Array(3), JPEG),
      tlv(0x5f43, ascii('no image')),
    );
    const { data, findings } = parseDg7(file);
    expect(data.images).toEqual([
      { format: 'jpeg', bytes: JPEG },
      { format: 'unknown', bytes: ascii('no image') },
    ]);
    expect(codes(findings)).toEqual(['undeclared', 'missing', 'unsupported']);
  });

  test('unbounded counts are bounded', () => {
    const many = Array.from({ length: 500 }, () => tlv(0x5f43, JPEG));
    const { data, findings } = parseDg7(tlv(0x67, tlv(0x02, hex('01f4')), ...many));
    expect(data.images).toHaveLength(16);
    expect(codes(findings)).toEqual(['limit']);
  });
});

describe('DG11 and DG12', () => {
  // a pattern that tries every place takes a minute for this; the time limit of the test is the check
  test('long rows of fillers inside a text cost no more than their length', () => {
    const text = (filler: number) =>
      new Uint8Array(65_536).fill(filler).with(0, 0x41).with(65_535, 0x42);
    const names = Array.from({ length: 20 }, () => tlv(0x5f0f, text(0x3c)));
    const { data } = parseDg11(tlv(0x6b, tlv(0x5f11, text(0x20)), tlv(0xa0, ...names)));
    expect(data.otherNames.map((name) => name.length)).toEqual(names.map(() => 65_536));
    expect(data.placeOfBirth).toHaveLength(1);
  });

  test('zero-length elements and empty strings are null', () => {
    const { data, findings } = parseDg11(
      tlv(
        0x6b,
        tlv(0x5c, hex('5f0e 5f11 5f2b 5f12')),
        tlv(0x5f0e),
        tlv(0x5f11, ascii('<<<')),
        tlv(0x5f2b),
        tlv(0x5f12, ascii('  ')),
      ),
    );
    expect(data.fullName).toBeNull();
    expect(data.placeOfBirth).toBeNull();
    expect(data.dateOfBirth).toBeNull();
    expect(data.telephone).toBeNull();
    expect(findings).toEqual([]);
  });

  test('dates as text and as BCD, with unknown parts, and broken ones', () => {
    const born = (value: Uint8Array) =>
      parseDg11(tlv(0x6b, tlv(0x5c, hex('5f2b')), tlv(0x5f2b, value)));
    expect(born(ascii('19700131')).data.dateOfBirth).toBe('19700131');
    expect(born(hex('19700131')).data.dateOfBirth).toBe('19700131');
    expect(born(ascii('1970<<<<')).data.dateOfBirth).toBe('19700000');
    for (const bad of [ascii('19701331'), hex('1970ab31'), ascii('700131'), ascii('31.01.70')]) {
      expect(born(bad).data.dateOfBirth).toBeNull();
      expect(codes(born(bad).findings)).toEqual(['malformed']);
    }
  });

  test('text that is not UTF-8 is read as Latin-1 with a finding', () => {
    const { data, findings } = parseDg12(
      tlv(0x6c, tlv(0x5c, hex('5f19')), tlv(0x5f19, hex('4dfc6e6368656e'))),
    );
    expect(data.issuingAuthority).toBe('München');
    expect(codes(findings)).toEqual(['bad-character']);
  });

  test('names of others: wrong count, too many, in a broken list', () => {
    const names = Array.from({ length: 100 }, () => tlv(0x5f1a, ascii('A<<B')));
    const { data, findings } = parseDg12(
      tlv(0x6c, tlv(0x5c, hex('a0')), tlv(0xa0, der.integer(1), ...names)),
    );
    expect(data.namesOfOtherPersons).toHaveLength(64);
    expect(codes(findings)).toEqual(['undeclared', 'limit']);
    const broken = parseDg12(
      tlv(0x6c, tlv(0x5c, hex('a0 5f1b')), tlv(0xa0, hex('5f')), tlv(0x5f1b, ascii('X'))),
    );
    expect(broken.data.endorsementsAndObservations).toBe('X');
    expect(codes(broken.findings)).toContain('malformed');
  });

  test('tag lists that name the names instead of their group', () => {
    const name = tlv(0xa0, der.integer(1), tlv(0x5f0f, ascii('WILLIAM')));
    for (const list of ['a0', '5f0f', '5f0fa0']) {
      const { data, findings } = parseDg11(tlv(0x6b, tlv(0x5c, hex(list)), name));
      expect(data.otherNames).toEqual(['WILLIAM']);
      expect(findings).toEqual([]);
    }
  });

  test('images of a document', () => {
    const { data } = parseDg12(tlv(0x6c, tlv(0x5c, hex('5f1d')), tlv(0x5f1d, JPEG)));
    expect(data.imageOfFront).toEqual({ format: 'jpeg', bytes: JPEG });
    expect(data.imageOfRear).toBeNull();
  });
});

describe('DG13, DG15, DG16', () => {
  test('DG13 of Singapore is not TLV', () => {
    const bytes = ascii('no structure at all');
    const { data, findings } = parseDg13(bytes);
    expect(data.content).toEqual(bytes);
    expect(findings).toHaveLength(1);
    expect(parseDg13(tlv(0x6d, hex('0102')))).toEqual({
      data: { content: hex('0102') },
      findings: [],
    });
    expect(codes(parseDg13(tlv(0x6c, hex('0102'))).findings)).toEqual(['unexpected']);
  });

  test('DG15 without a key', () => {
    expect(errorOf(() => parseDg15(tlv(0x6f))).message).toBe('DG15: no SubjectPublicKeyInfo');
  });

  test('DG16 persons to notify', () => {
    const person = tlv(
      0xa1,
      tlv(0x5f50, ascii('20020101')),
      tlv(0x5f51, ascii('SMITH<<CHARLES<R')),
      tlv(0x5f52, ascii('19525551212')),
      tlv(0x5f53, ascii('123 MAPLE RD<ANYTOWN<MN<55100')),
    );
    const { data, findings } = parseDg16(tlv(0x70, der.integer(1), person));
    expect(findings).toEqual([]);
    expect(data.persons).toEqual([{
      dateRecorded: '20020101',
      name: 'SMITH<<CHARLES<R',
      telephone: '19525551212',
      address: ['123 MAPLE RD', 'ANYTOWN', 'MN', '55100'],
    }]);
    const broken = parseDg16(tlv(0x70, der.integer(2), person, tlv(0xa2, hex('5f'))));
    expect(broken.data.persons).toHaveLength(1);
    expect(codes(broken.findings)).toEqual(['malformed']);
  });
});

describe('SecurityInfos', () => {
  const pace = der.sequence(der.oid('0.4.0.127.0.7.2.2.4.2.2'), der.integer(2), der.integer(13));
  const set = (...entries: Uint8Array[]) => tlv(0x31, ...entries);

  test('parameterId may be absent, unknown protocols are kept', () => {
    const bare = der.sequence(der.oid('0.4.0.127.0.7.2.2.4.4.4'), der.integer(2));
    const foreign = der.sequence(der.oid('1.2.3.4'), der.nul());
    const { data, findings } = parseSecurityInfos(set(pace, bare, foreign));
    expect(findings).toEqual([]);
    expect(data.pace[1]).toMatchObject({ keyAgreement: 'ECDH', mapping: 'IM', cipher: 'AES-256' });
    expect('parameterId' in data.pace[1]).toBe(false);
    expect(data.unknown).toMatchObject([{ oid: '1.2.3.4', raw: foreign }]);
  });

  test('chip authentication mapping with 3DES does not exist', () => {
    const entry = der.sequence(der.oid('0.4.0.127.0.7.2.2.4.6.1'), der.integer(2), der.integer(13));
    expect(parseSecurityInfos(set(entry)).data.unknown).toHaveLength(1);
  });

  test('a broken entry does not lose the others', () => {
    const { data, findings } = parseSecurityInfos(
      set(
        der.sequence(der.oid('0.4.0.127.0.7.2.2.4.2.2')),
        der.nul(),
        der.sequence(der.oid('0.4.0.127.0.7.2.2.1.2'), der.nul()),
        der.sequence(),
        der.sequence(der.oid('0.4.0.127.0.7.2.2.4.2.2'), der.integer(-1)),
        pace,
      ),
      'EF.CardAccess',
    );
    expect(data.pace).toHaveLength(1);
    expect(findings.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      'EF.CardAccess entry 1: EF.CardAccess: SecurityInfo 0.4.0.127.0.7.2.2.4.2.2 has no required data',
      'EF.CardAccess entry 2: EF.CardAccess: SecurityInfo is not a SEQUENCE',
      'EF.CardAccess entry 3: EF.CardAccess: required data is not a SEQUENCE',
      'EF.CardAccess entry 4: EF.CardAccess: SecurityInfo is empty',
      'EF.CardAccess entry 5: EF.CardAccess: version is out of range',
    ]);
  });

  test('explicit PACE parameters and ActiveAuthenticationInfo', () => {
    const domain = der.sequence(der.oid('1.2.840.10045.2.1'), der.sequence());
    const { data } = parseSecurityInfos(
      set(
        der.sequence(der.oid('0.4.0.127.0.7.2.2.4.2'), domain, der.integer(40)),
        der.sequence(
          der.oid('2.23.136.1.1.5'),
          der.integer(1),
          der.oid('0.4.0.127.0.7.1.1.4.1.3'),
        ),
      ),
    );
    expect(data.paceDomainParameters).toMatchObject([
      { keyAgreement: 'ECDH', mapping: 'GM', domainParameter: domain, parameterId: 40 },
    ]);
    expect(data.activeAuthentication[0].signatureAlgorithm).toBe('0.4.0.127.0.7.1.1.4.1.3');
  });

  test('empty, too many, not a set', () => {
    expect(errorOf(() => parseDg14(tlv(0x6e, set()))).message).toBe('DG14: SecurityInfos is empty');
    expect(errorOf(() => parseSecurityInfos(der.sequence(pace))).code).toBe('LDS_TAG');
    const many = parseSecurityInfos(set(...Array.from({ length: 200 }, () => pace)));
    expect(many.data.pace).toHaveLength(64);
    expect(codes(many.findings)).toEqual(['limit']);
    expect(codes(parseSecurityInfos(concat(set(pace), hex('0000'))).findings)).toEqual([
      'trailing-bytes',
    ]);
  });
});
