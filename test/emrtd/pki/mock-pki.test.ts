import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { passiveAuthentication } from '../../../emrtd/auth/passive.ts';
import { der, tlv } from '../../../emrtd/asn1/mod.ts';
import { digest, type HashName, hashOid } from '../../../emrtd/crypto/mod.ts';
import { parseCertificate, parsePem, validatePath } from '../../../emrtd/pki/mod.ts';
import { CertificateIndex, importInto, TrustStore } from '../../../emrtd/pki/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import {
  ecPrivateKey,
  ecSigner,
  extension,
  freshSigner,
  indefinite,
  issuerAndSerial,
  keyId,
  type MessageSpec,
  mintCertificate,
  mintSignedData,
  name,
  pssSigner,
  rsaPrivateKey,
  rsaSigner,
  type Signer,
} from './support/mint.ts';

const AT = new Date('2026-01-01');
const LDS = '2.23.136.1.1.1';
const DG1 = tlv(0x61, tlv(0x5f1f, new TextEncoder().encode('<'.repeat(90))));

function securityObject(hash: HashName): Uint8Array {
  return der.sequence(
    der.integer(0),
    der.sequence(der.oid(hashOid(hash)), der.nul()),
    der.sequence(der.sequence(der.integer(1), der.octetString(digest(hash, DG1)))),
  );
}

function pem(path: string): Uint8Array {
  const text = readFileSync(sharedPath(`emrtd/mock/${path}`), 'utf8');
  return (parsePem(text).find(({ label }) => label !== 'EC PARAMETERS') as { bytes: Uint8Array })
    .bytes;
}

/** Every way in which the DSC key of a mock PKI can sign. */
function signersOf(folder: string, spki: Uint8Array): Record<string, Signer> {
  const hashes: HashName[] = ['SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'];
  const key = pem(`${folder}/dsc.key.pem`);
  if (!folder.startsWith('rsa')) {
    const { publicKey } = parseCertificate(pem(`${folder}/dsc.pem`));
    if (publicKey.kind !== 'ec') throw new Error('not an EC key');
    const scalar = ecPrivateKey(key);
    const { curve } = publicKey;
    return Object.fromEntries(hashes.map((h) => [`ECDSA ${h}`, ecSigner(curve, scalar, spki, h)]));
  }
  const rsa = rsaPrivateKey(key);
  const pss = [
    { hash: 'SHA-1', mgfHash: 'SHA-1', saltLength: 20 },
    { hash: 'SHA-224', mgfHash: 'SHA-224', saltLength: 28 },
    { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 },
    { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 64 },
    { hash: 'SHA-256', mgfHash: 'SHA-1', saltLength: 32 },
    { hash: 'SHA-384', mgfHash: 'SHA-256', saltLength: 0 },
    { hash: 'SHA-512', mgfHash: 'SHA-512', saltLength: 64 },
  ] as const;
  return Object.fromEntries([
    ...hashes.map((h) => [`PKCS#1 ${h}`, rsaSigner(rsa, spki, h)]),
    ...pss.map((p) => [
      `PSS ${p.hash} MGF1 ${p.mgfHash} salt ${p.saltLength}`,
      pssSigner(rsa, spki, p),
    ]),
  ]);
}

const FOLDERS = [
  'rsa4096-sha1',
  'rsapss4096-sha256',
  'rsapss4096-sha512',
  'p224-sha224',
  'p256-sha256',
  'p384-sha384',
  'p521-sha512',
  'bp256-sha256',
  'bp384-sha384',
  'bp512-sha512',
];

describeWithData('mock PKI of every algorithm', ['emrtd/mock'], () => {
  for (const folder of FOLDERS) {
    test(`${folder}: the DSC chains to its CSCA and to no other`, () => {
      const [dsc, csca] = ['dsc', 'csca'].map((n) => parseCertificate(pem(`${folder}/${n}.pem`)));
      const path = (anchors: CertificateIndex) =>
        validatePath({ certificate: dsc, anchors, at: AT });
      const result = path(new CertificateIndex([csca]));
      expect(result.checks.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(result.valid).toBe(true);
      const other = folder === 'p256-sha256' ? 'p384-sha384' : 'p256-sha256';
      const foreign = parseCertificate(pem(`${other}/csca.pem`));
      expect(path(new CertificateIndex([foreign])).valid).toBe(false);
    });

    test(`${folder}: SODs signed in every way are authentic, and not when altered`, () => {
      const dsc = parseCertificate(pem(`${folder}/dsc.pem`));
      const { store } = importInto(
        TrustStore.empty,
        [{ name: 'csca.pem', bytes: readFileSync(sharedPath(`emrtd/mock/${folder}/csca.pem`)) }],
        { at: AT },
      );
      for (const [how, key] of Object.entries(signersOf(folder, dsc.spki))) {
        const message = mintSignedData({
          contentType: LDS,
          content: securityObject(key.hash),
          key,
          certificates: [dsc.raw],
          sid: der.sequence(dsc.issuer.raw, der.integer(dsc.serial)),
        });
        const judge = (sod: Uint8Array) =>
          passiveAuthentication({ sod, groups: new Map([[1, DG1]]), trust: store, at: AT });
        const good = judge(tlv(0x77, message));
        expect([how, good.signature.valid, good.authentic]).toEqual([how, true, true]);
        const bad = tlv(0x77, message);
        bad[bad.length - 3] ^= 0x40;
        expect([how, judge(bad).signature.valid]).toEqual([how, false]);
      }
    });
  }
});

describe('SODs with the deviations of real documents', () => {
  const csca = freshSigner('csca');
  const dsc = freshSigner('dsc');
  const issuer = name('UT', 'CSCA');
  const cscaBytes = mintCertificate({
    subject: issuer,
    issuer,
    key: csca,
    issuerKey: csca,
    ca: { pathLength: 0 },
  });
  const dscBytes = mintCertificate({
    subject: name('UT', 'DS'),
    issuer,
    key: dsc,
    issuerKey: csca,
    serial: 7,
  });
  const trust =
    importInto(TrustStore.empty, [{ name: 'csca', bytes: cscaBytes }], { at: AT }).store;
  const usual: MessageSpec = {
    contentType: LDS,
    content: securityObject('SHA-256'),
    key: dsc,
    certificates: [dscBytes],
    sid: issuerAndSerial(issuer, 7),
  };

  function judge(change: Partial<MessageSpec>, wrap = (bytes: Uint8Array) => bytes) {
    return passiveAuthentication({
      sod: tlv(0x77, wrap(mintSignedData({ ...usual, ...change }))),
      groups: new Map([[1, DG1]]),
      trust,
      at: AT,
    });
  }

  const accepted: Record<string, () => ReturnType<typeof judge>> = {
    'as it should be': () => judge({}),
    'signer by subjectKeyIdentifier': () =>
      judge({ sid: der.contextPrimitive(0, keyId(dsc.spki)) }),
    'signer identifier of another certificate (MY)': () =>
      judge({ sid: issuerAndSerial(issuer, 8) }),
    'signed attributes not in DER order': () => judge({ attributes: 'unordered' }),
    'signed attributes stored in another order than signed': () =>
      judge({ attributes: 'signed-in-order' }),
    'no signed attributes': () => judge({ attributes: 'none' }),
    'digest algorithm other than that of the signature': () => judge({ digestHash: 'SHA-512' }),
    'signature algorithm that names only the key': () =>
      judge({ signatureAlgorithm: der.sequence(der.oid('1.2.840.10045.2.1')) }),
    'content type id-data (CN)': () => judge({ contentType: '1.2.840.113549.1.7.1' }),
    'content type of the draft standard': () => judge({ contentType: '1.3.27.1.1.1' }),
    'content type of Sdu (NL)': () => judge({ contentType: '1.2.528.1.1006.1.20.1' }),
    'indefinite lengths (US)': () => judge({}, indefinite),
  };
  for (const [how, run] of Object.entries(accepted)) {
    test(`accepted: ${how}`, () => {
      const result = run();
      expect(result.signature.checks.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(result.authentic).toBe(true);
    });
  }

  test('the message with indefinite lengths really has them', () => {
    const message = mintSignedData(usual);
    expect(indefinite(message).subarray(0, 2)).toEqual(Uint8Array.of(0x30, 0x80));
    expect(indefinite(message).toHex()).toContain('a080');
  });

  const refused: Record<string, [() => ReturnType<typeof judge>, string]> = {
    'signed attributes without a digest': [
      () => judge({ attributes: 'no-digest' }),
      'message-digest',
    ],
    'signed content type of another kind': [
      () => judge({ attributes: 'wrong-type' }),
      'signed-content-type',
    ],
    'content type of another kind of message': [
      () => judge({ contentType: '2.23.136.1.1.2' }),
      'content-type',
    ],
    'no certificate of the signer': [() => judge({ certificates: [] }), 'signature'],
    'a key that is not the one certified': [
      () => judge({ key: freshSigner('other') }),
      'signature',
    ],
    'a signature algorithm for another kind of key': [
      () =>
        judge({ signatureAlgorithm: der.sequence(der.oid('1.2.840.113549.1.1.11'), der.nul()) }),
      'signature',
    ],
  };
  for (const [how, [run, check]] of Object.entries(refused)) {
    test(`refused: ${how}`, () => {
      const { signature, authentic } = run();
      expect(authentic).toBe(false);
      expect(signature.checks.filter(({ status }) => status === 'failed').map((c) => c.check))
        .toEqual([check]);
    });
  }

  test('a document signer without digitalSignature is refused', () => {
    const bytes = mintCertificate({
      subject: name('UT', 'DS'),
      issuer,
      key: dsc,
      issuerKey: csca,
      serial: 7,
      ca: {},
    });
    const { chain } = judge({ certificates: [bytes] });
    expect(chain.valid).toBe(false);
    expect(chain.checks.find(({ check }) => check === 'signer.key-usage')?.status).toBe('failed');
  });

  test('a signer for another state or type of document is a deviation', () => {
    const zone =
      `P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10`;
    const dg1 = tlv(0x61, tlv(0x5f1f, new TextEncoder().encode(zone)));
    const scoped = (state: string, type: string) => {
      const directory = der.sequence(
        der.set(der.sequence(der.oid('2.5.4.7'), der.printable(state))),
      );
      const bytes = mintCertificate({
        subject: name('UT', 'DS'),
        issuer,
        key: dsc,
        issuerKey: csca,
        serial: 7,
        extra: [
          extension('2.5.29.17', der.sequence(der.context(4, directory))),
          extension(
            '2.23.136.1.1.6.2',
            der.sequence(der.integer(0), der.set(der.printable(type))),
          ),
        ],
      });
      const { deviations } = passiveAuthentication({
        sod: tlv(0x77, mintSignedData({ ...usual, certificates: [bytes] })),
        groups: new Map([[1, dg1]]),
        trust,
        at: AT,
      });
      return deviations.map(({ detail }) => detail);
    };
    expect(scoped('UTO', 'P')).toEqual([]);
    expect(scoped('XXX', 'P')).toEqual([
      'the signer is for documents of XXX, the document is of another state',
    ]);
    expect(scoped('UTO', 'ID')).toEqual([
      'the signer is for documents of type ID, the document is of another',
    ]);
  });

  test('use of a private key outside its period is a deviation', () => {
    const period = (from: string, to: string) => {
      const time = (value: string) => new TextEncoder().encode(`${value}000000Z`);
      return extension(
        '2.5.29.16',
        der.sequence(der.contextPrimitive(0, time(from)), der.contextPrimitive(1, time(to))),
      );
    };
    const judged = (from: string, to: string, anchorTo: string) => {
      const anchor = mintCertificate({
        subject: issuer,
        issuer,
        key: csca,
        issuerKey: csca,
        ca: {},
        extra: [period('20200101', anchorTo)],
      });
      const signer = mintCertificate({
        subject: name('UT', 'DS'),
        issuer,
        key: dsc,
        issuerKey: csca,
        serial: 7,
        from: '2021-01-01',
        extra: [period(from, to)],
      });
      const { deviations, authentic } = passiveAuthentication({
        sod: tlv(
          0x77,
          mintSignedData({ ...usual, certificates: [signer], signingTime: new Date('2021-02-01') }),
        ),
        groups: new Map([[1, DG1]]),
        trust: importInto(TrustStore.empty, [{ name: 'csca', bytes: anchor }], { at: AT }).store,
        at: AT,
      });
      expect(authentic).toBe(true);
      return deviations.map(({ subject, detail }) => `${subject} ${detail}`);
    };
    const outside = 'the private key was used outside its period, on';
    expect(judged('20210101', '20210401', '20240101')).toEqual([]);
    expect(judged('20210301', '20210401', '20240101'))
      .toEqual([`signer ${outside} 2021-02-01T00:00:00.000Z`]);
    expect(judged('20210101', '20210401', '20201231'))
      .toEqual([`anchor ${outside} 2021-01-01T00:00:00.000Z`]);
  });

  test('a link certificate in the SOD is used if it is among the first eight', () => {
    const newer = freshSigner('newer csca');
    const link = mintCertificate({
      subject: issuer,
      issuer,
      key: newer,
      issuerKey: csca,
      ca: {},
      serial: 2,
    });
    const signer = mintCertificate({
      subject: name('UT', 'DS'),
      issuer,
      key: dsc,
      issuerKey: newer,
      serial: 7,
    });
    const other = mintCertificate({
      subject: name('UT', 'other'),
      issuer: name('UT', 'other'),
      key: newer,
      issuerKey: newer,
    });
    const anchor = mintCertificate({ subject: issuer, issuer, key: csca, issuerKey: csca, ca: {} });
    const store = importInto(TrustStore.empty, [{ name: 'csca', bytes: anchor }], { at: AT }).store;
    const chain = (others: number) =>
      passiveAuthentication({
        sod: tlv(
          0x77,
          mintSignedData({
            ...usual,
            certificates: [signer, ...Array.from({ length: others }, () => other), link],
          }),
        ),
        groups: new Map([[1, DG1]]),
        trust: store,
        at: AT,
      }).chain;
    expect(chain(0).checks.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(chain(6).valid).toBe(true);
    expect(chain(7).valid).toBe(false);
  });

  test('a SOD without certificates is judged with a known document signer', () => {
    const store = importInto(trust, [{ name: 'ds.cer', bytes: dscBytes }], { at: AT }).store;
    const sod = tlv(0x77, mintSignedData({ ...usual, certificates: [] }));
    const result = passiveAuthentication({
      sod,
      groups: new Map([[1, DG1]]),
      trust: store,
      at: AT,
    });
    expect(result.authentic).toBe(true);
  });
});
