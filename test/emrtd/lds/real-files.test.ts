/** The parsers on the real and reference files of the test data. */
import { expect, test } from 'bun:test';
import { digest, hashByOid, toHex } from '../../../emrtd/crypto/mod.ts';
import {
  parseCom,
  parseDataGroups,
  parseDg1,
  parseDg11,
  parseDg12,
  parseDg14,
  parseDg15,
  parseDg2,
  parseDg3,
  parseDg4,
  parseDg5,
  parseDg7,
  parseLdsSecurityObject,
  parseSecurityInfos,
  parseSod,
} from '../../../emrtd/lds/mod.ts';
import { parseSignedData } from '../../../emrtd/pki/cms.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';

const file = (path: string) => Bun.file(sharedPath(`emrtd/${path}`)).bytes();

function signedContent(contentInfo: Uint8Array): Uint8Array {
  const { content } = parseSignedData(contentInfo);
  if (content === undefined) throw new Error('no signed content');
  return content;
}

describeWithData('files of documents', ['emrtd/bsi-tr03105', 'emrtd/dg', 'emrtd/sod'], () => {
  test('EF.COM of the BSI document', async () => {
    const { data, findings } = parseCom(await file('bsi-tr03105/COM.bin'));
    expect(data).toEqual({
      ldsVersion: '0107',
      unicodeVersion: '040000',
      dataGroups: [1, 2, 3, 4, 14],
    });
    expect(findings).toEqual([]);
  });

  test('DG1 of the BSI document', async () => {
    const { data, findings } = parseDg1(await file('bsi-tr03105/DG1.bin'));
    expect(data).toMatchObject({
      format: 'TD3',
      issuingState: 'D',
      documentNumber: 'C11T002JM',
      primaryIdentifier: 'MUSTERMANN',
      secondaryIdentifier: ['ERIKA'],
      dateOfExpiry: { text: '231031' },
    });
    expect(data.checks.every(({ status }) => status !== 'failed')).toBe(true);
    expect(findings).toEqual([]);
  });

  test('DG2 as ISO 19794-5:2005', async () => {
    const { data, findings } = parseDg2(await file('bsi-tr03105/DG2.bin'));
    expect(findings).toEqual([]);
    expect(data.images).toHaveLength(1);
    const [image] = data.images;
    expect(image.record).toBe('iso19794-5:2005');
    expect(image.format).toBe('jp2');
    expect([image.widthPixels, image.heightPixels]).toEqual([337, 449]);
    expect(image.bytes.length).toBe(0x3ac5 - 46);
  });

  test('DG2 as ISO 39794-5:2019 holds the specimen face', async () => {
    const { data, findings } = parseDg2(await file('dg/dg2-39794-5-minimal.bin'));
    expect(findings).toEqual([]);
    expect(data.images).toHaveLength(1);
    expect(data.images[0].record).toBe('iso39794-5:2019');
    expect(data.images[0].format).toBe('jp2');
    expect(data.images[0].bytes).toEqual(await file('dg/silver-face.jp2'));
  });

  test('DG3 and DG4 are recognised and not opened', async () => {
    expect(parseDg3(await file('bsi-tr03105/DG3.bin')).data).toEqual({
      kind: 'fingerprints',
      length: 32472,
    });
    expect(parseDg4(await file('bsi-tr03105/DG4.bin')).data).toEqual({
      kind: 'irises',
      length: 13290,
    });
  });

  test('DG5 and DG7', async () => {
    for (
      const [parsed, length] of [
        [parseDg5(await file('dg/dg5-sample.bin')), 15011 - 14 + 2],
        [parseDg7(await file('dg/dg7-sample.bin')), 289],
      ] as const
    ) {
      expect(parsed.findings).toEqual([]);
      expect(parsed.data.images).toHaveLength(1);
      expect(parsed.data.images[0].format).toBe('jp2');
      expect(parsed.data.images[0].bytes.length).toBe(length);
    }
  });

  test('DG11: BCD date, an undeclared element, a zero byte for no image', async () => {
    const { data, findings } = parseDg11(await file('dg/dg11-sample.bin'));
    expect(data).toEqual({
      fullName: 'Doe John',
      otherNames: ['William'],
      personalNumber: '123',
      dateOfBirth: '19700101',
      placeOfBirth: ['TEST', 'TEST'],
      permanentAddress: ['TEST', 'TEST'],
      telephone: '123',
      profession: 'TEST',
      title: 'TEST',
      personalSummary: 'TEST',
      proofOfCitizenship: null,
      otherTravelDocumentNumbers: ['123', '123'],
      custodyInformation: 'TEST',
    });
    expect(findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'undeclared: element 5F17 is not in the tag list',
    ]);
  });

  test('DG12: no tag list, BCD dates', async () => {
    const { data, findings } = parseDg12(await file('dg/dg12-sample.bin'));
    expect(data).toEqual({
      issuingAuthority: 'TEST',
      dateOfIssue: '20240101',
      namesOfOtherPersons: ['William'],
      endorsementsAndObservations: 'TEST',
      taxOrExitRequirements: 'TEST',
      imageOfFront: null,
      imageOfRear: null,
      personalizationTime: '20240101123059',
      personalizationSystemSerialNumber: '123',
    });
    expect(findings.map(({ code }) => code)).toEqual(['missing']);
  });

  test('DG14 of the DE document', async () => {
    const { data, findings } = parseDg14(await file('dg/dg14-DE.bin'));
    expect(findings).toEqual([]);
    expect(data.pace.map(({ mapping, cipher, parameterId }) => [mapping, cipher, parameterId]))
      .toEqual([['GM', 'AES-128', 13], ['CAM', 'AES-128', 13]]);
    expect(data.chipAuthentication).toMatchObject([
      { keyAgreement: 'ECDH', cipher: 'AES-128', version: 1, keyId: 0xc3n },
    ]);
    expect(data.chipAuthenticationPublicKeys).toMatchObject([
      { keyAgreement: 'ECDH', keyId: 0xc3n },
    ]);
    expect(toHex(data.chipAuthentication[0].oidValue)).toBe('04007F00070202030202');
    expect(data.terminalAuthentication).toHaveLength(1);
    expect(data.unknown).toEqual([]);
  });

  test('DG14 of the AT and BSI documents, without key identifiers', async () => {
    for (const path of ['dg/dg14-AT.bin', 'bsi-tr03105/DG14.bin', 'etsi/DG14.bin']) {
      const { data, findings } = parseDg14(await file(path));
      expect(findings).toEqual([]);
      expect(data.chipAuthentication[0].keyId).toBeUndefined();
      expect(data.chipAuthenticationPublicKeys).toHaveLength(1);
    }
    const { data } = parseDg14(await file('bsi-tr03105/DG14.bin'));
    expect(data.chipAuthentication[0].cipher).toBe('3DES');
  });

  test('EF.CardSecurity content of the DE document', async () => {
    const signed = parseSignedData(await file('cardsecurity/DE.bin'));
    const { data, findings } = parseSecurityInfos(
      signed.content ?? new Uint8Array(),
      'EF.CardSecurity',
    );
    expect(findings).toEqual([]);
    expect(data.pace.map(({ mapping }) => mapping)).toEqual(['GM', 'CAM']);
    expect(data.chipAuthenticationPublicKeys.map(({ keyId }) => keyId)).toEqual([0x0dn, 0x48n]);
    expect(data.chipAuthenticationDomainParameters).toHaveLength(1);
  });

  test('DG15 gives the public key of the key pair', async () => {
    const { data } = parseDg15(await file('bsi-tr03105/DG15.bin'));
    expect(data.publicKey).toEqual(await file('bsi-tr03105/aa-public.spki.der'));
  });

  test('security objects of nine states and two specimens', async () => {
    const groups: Record<string, number[]> = {
      'sod/AT': [1, 2, 3, 11, 12, 14],
      'sod/AU': [1, 2, 15],
      'sod/DE': [1, 2, 3, 14],
      'sod/FI': [1, 2, 3, 7, 14],
      'sod/FR': [1, 2, 3, 11, 12, 13, 14],
      'sod/GB': [1, 2],
      'sod/PH': [1, 2, 7, 11, 12, 15],
      'sod/SG': [1, 2, 3, 4, 13, 14],
      'sod/US': [1, 2, 11, 12],
      'bsi-tr03105/SOD': [1, 2, 3, 4, 14],
      'etsi/SOD': [1, 2, 3, 4, 14, 15],
    };
    for (const [path, numbers] of Object.entries(groups)) {
      const sod = parseSod(await file(`${path}.bin`));
      expect(sod.findings).toEqual([]);
      const { data, findings } = parseLdsSecurityObject(signedContent(sod.data.contentInfo));
      expect(findings).toEqual([]);
      expect([...data.hashes.keys()].toSorted((a, b) => a - b)).toEqual(numbers);
      const one = ['sod/DE', 'sod/FI', 'sod/SG'].includes(path);
      expect([data.version, data.ldsVersion]).toEqual(one ? [1, '0108'] : [0, null]);
    }
  });

  test('hashes of DG14 are in the security objects of AT and DE', async () => {
    for (const state of ['AT', 'DE']) {
      const sod = parseSod(await file(`sod/${state}.bin`));
      const { data } = parseLdsSecurityObject(signedContent(sod.data.contentInfo));
      const hash = digest(hashByOid(data.hashAlgorithm), await file(`dg/dg14-${state}.bin`));
      expect(data.hashes.get(14)).toEqual(hash);
    }
  });

  test('a broken optional group does not lose the rest', async () => {
    const dg11 = await file('dg/dg11-sample.bin');
    const { groups, findings } = parseDataGroups(
      new Map([
        [1, await file('bsi-tr03105/DG1.bin')],
        [2, await file('bsi-tr03105/DG2.bin')],
        [3, await file('bsi-tr03105/DG3.bin')],
        [11, dg11.subarray(0, 60)],
        [12, dg11],
        [15, await file('bsi-tr03105/DG15.bin')],
      ]),
    );
    expect(Object.keys(groups)).toEqual(['dg1', 'dg2', 'dg3', 'dg15']);
    expect(findings).toMatchObject([
      { file: 'DG11', code: 'malformed' },
      { file: 'DG12', code: 'malformed' },
    ]);
    expect(findings[1].message).toBe('DG12: outer tag is 6B instead of 6C');
  });
});
