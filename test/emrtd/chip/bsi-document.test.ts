/**
 * The reference document of BSI TR-03105-5 on the software chip: its files as published, its keys of chip
 * and active authentication, read by the reader.
 */
import { expect, test } from 'bun:test';
import { mrzPassword } from '../../../emrtd/access/mod.ts';
import { integer, octetString, parseTlv } from '../../../emrtd/asn1/mod.ts';
import {
  bytesFile,
  type ChipDocument,
  FILE,
  groupFile,
  type LineFault,
  seededRandom,
  SoftwareChip,
} from '../../../emrtd/chip/mod.ts';
import { bytesToBigInt, curveByName } from '../../../emrtd/crypto/mod.ts';
import { TrustStore } from '../../../emrtd/pki/mod.ts';
import { readDocument } from '../../../emrtd/reader/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';

const file = (name: string) => Bun.file(sharedPath(`emrtd/bsi-tr03105/${name}`)).bytes();

/** The key inside PKCS #8 (RFC 5208 5). */
function pkcs8(bytes: Uint8Array) {
  const [, , key] = parseTlv(bytes).children();
  return parseTlv(octetString(key)).children();
}

/** EF.COM with DG15 in its list, which the published one leaves out. */
const COM_WITH_DG15 = Uint8Array.fromHex(
  '60185f0104303130375f36063034303030305c066175' + '63766e6f',
);

async function document(com: Uint8Array): Promise<ChipDocument> {
  const [, scalar] = pkcs8(await file('ca-key.pkcs8.der'));
  const [, n, e, d, p, q, dp, dq, qi] = pkcs8(await file('aa-key.pkcs8.der')).map((element) =>
    integer(element)
  );
  const groups = await Promise.all(
    [1, 2, 14, 15].map(async (number) =>
      bytesFile(groupFile(number), 'protected', await file(`DG${number}.bin`))
    ),
  );
  const closed = await Promise.all(
    [3, 4].map(async (number) =>
      bytesFile(groupFile(number), 'extended', await file(`DG${number}.bin`))
    ),
  );
  return {
    mrzInformation: 'C11T002JM496081222310314',
    bac: true,
    pace: [],
    masterFiles: [],
    applicationFiles: [
      bytesFile(FILE.com, 'protected', com),
      bytesFile(FILE.sod, 'protected', await file('SOD.bin')),
      ...groups,
      ...closed,
    ],
    chipAuthentication: [{
      oid: '0.4.0.127.0.7.2.2.3.2.1',
      cipher: '3DES',
      domain: { kind: 'ec', curve: curveByName('brainpoolP224r1') },
      privateKey: bytesToBigInt(octetString(scalar)),
    }],
    activeAuthentication: { kind: 'rsa', key: { n, e, d, p, q, dp, dq, qi }, hash: 'SHA-1' },
  };
}

async function read(faults: LineFault[] = [], com?: Uint8Array) {
  const chip = await document(com ?? await file('COM.bin'));
  return await readDocument({
    transceiver: new SoftwareChip(chip, { random: seededRandom('bsi'), faults }),
    password: mrzPassword({
      documentNumber: 'C11T002JM',
      dateOfBirth: '960812',
      dateOfExpiry: '231031',
    }),
    trust: TrustStore.empty,
    clock: () => new Date('2014-06-01T00:00:00Z'),
    random: seededRandom('terminal'),
    groups: [1, 2, 15],
  });
}

describeWithData('BSI reference document on the chip', ['emrtd/bsi-tr03105'], () => {
  test('is read in full; DG15 is on the chip but not signed', async () => {
    const result = await read();
    expect(result.access.protocol).toBe('BAC');
    expect(result.groups.dg1?.primaryIdentifier).toBe('MUSTERMANN');
    expect(result.files.groups.get(2)).toEqual(await file('DG2.bin'));
    expect(result.passiveAuthentication.signature.valid).toBe(true);
    expect(result.passiveAuthentication.chain.valid).toBe(false);
    expect(result.passiveAuthentication.authentic).toBe(false);
  });

  test('chip authentication succeeds with its key and fails with another', async () => {
    const result = await read();
    expect(result.chipAuthentication.outcome).toBe('success');
    const cloned = await read(['ca-cloned']);
    expect(cloned.chipAuthentication.outcome).toBe('failed');
  });

  test('active authentication: the signature is right, the key is unsigned', async () => {
    const check = async (faults: LineFault[]) => {
      const { activeAuthentication, findings } = await read(faults, COM_WITH_DG15);
      expect(findings.map(({ file, code }) => `${file} ${code}`)).toContain('DG15 unsigned');
      expect(activeAuthentication.outcome).toBe('failed');
      return activeAuthentication.checks.map(({ check, status }) => `${check} ${status}`);
    };
    expect(await check([])).toEqual([
      'active-authentication.signature passed',
      'active-authentication.key failed',
    ]);
    expect(await check(['aa-cloned'])).toEqual([
      'active-authentication.signature failed',
      'active-authentication.key failed',
    ]);
  });
});
