import { describe, expect, test } from 'bun:test';
import { der } from '../../../emrtd/asn1/mod.ts';
import {
  type ImportFile,
  importInto,
  parseCertificate,
  parseTrustStore,
  serialiseTrustStore,
  TrustStore,
} from '../../../emrtd/pki/mod.ts';
import { describeWithData } from '../../support/shared-data.ts';
import {
  extension,
  freshSigner,
  keyId,
  mintCertificate,
  mintCrl,
  mintSignedData,
  name,
} from './support/mint.ts';
import { file } from './support/shared-files.ts';

const AT = new Date('2024-02-01');
const csca = name('UT', 'CSCA');
const [cscaKey, dsKey, listKey, strangerKey] = ['csca', 'ds', 'list', 'stranger'].map(freshSigner);

const cscaBytes = mintCertificate({
  subject: csca,
  issuer: csca,
  key: cscaKey,
  issuerKey: cscaKey,
  ca: { pathLength: 0 },
});
const dsBytes = mintCertificate({
  subject: name('UT', 'DS'),
  issuer: csca,
  key: dsKey,
  issuerKey: cscaKey,
  serial: 7,
});
const strangerBytes = mintCertificate({
  subject: name('XX', 'Stranger'),
  issuer: name('XX', 'Stranger'),
  key: strangerKey,
  issuerKey: strangerKey,
  ca: {},
  to: '2023-01-01',
});
const crlBytes = mintCrl({ issuer: csca, key: cscaKey, revoked: [8] });

function signedList(contentType: string, purpose: string, content: Uint8Array): Uint8Array {
  const signer = mintCertificate({
    subject: name('UT', 'List signer'),
    issuer: csca,
    key: listKey,
    issuerKey: cscaKey,
    serial: 9,
    extra: [extension('2.5.29.37', der.sequence(der.oid(purpose)), true)],
  });
  return mintSignedData({
    contentType,
    content,
    key: listKey,
    certificates: [signer],
    sid: der.contextPrimitive(0, keyId(listKey.spki)),
  });
}

const masterList = signedList(
  '2.23.136.1.1.2',
  '2.23.136.1.1.3',
  der.sequence(der.integer(0), der.set(cscaBytes, strangerBytes, dsBytes)),
);
const deviationList = signedList(
  '2.23.136.1.1.7',
  '2.23.136.1.1.8',
  der.sequence(
    der.integer(0),
    der.set(der.sequence(
      der.sequence(der.context(1, csca, der.integer(7))),
      der.set(der.sequence(der.printable('Wrong hash of DG11'), der.oid('2.23.136.1.1.7.2.2'))),
    )),
  ),
);

function pem(label: string, bytes: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${bytes.toBase64()}\n-----END ${label}-----\n`;
}

function text(name: string, contents: string): ImportFile {
  return { name, bytes: new TextEncoder().encode(contents) };
}

function ldifLine(attribute: string, bytes: Uint8Array): string {
  const base64 = `${attribute}:: ${bytes.toBase64()}`;
  return (base64.match(/.{1,76}/g) ?? []).join('\n ');
}

function ldif(...lines: string[]): ImportFile {
  return text(
    'pkd.ldif',
    `version: 1\n\n${lines.map((l, i) => `dn: cn=${i},c=UT\n${l}\n`).join('\n')}`,
  );
}

function into(store: TrustStore, ...files: ImportFile[]) {
  return importInto(store, files, { at: AT });
}

const rooted = into(TrustStore.empty, { name: 'csca.cer', bytes: cscaBytes, root: true }).store;

describe('import', () => {
  test('a certificate, again, and one that has ended', () => {
    const first = into(TrustStore.empty, { name: 'csca.cer', bytes: cscaBytes });
    expect(first.report.added.map(({ subject }) => subject)).toEqual(['C=UT, CN=CSCA']);
    const second = into(first.store, { name: 'again.cer', bytes: cscaBytes });
    expect(second.report.known.length).toBe(1);
    const third = into(first.store, { name: 'old.cer', bytes: strangerBytes });
    expect(third.report.expired.map(({ from }) => from)).toEqual(['old.cer']);
    expect(third.store.anchors.size).toBe(2);
    expect(first.store.anchors.size).toBe(1);
  });

  test('a PEM bundle with a CSCA, a document signer and a CRL in any order', () => {
    const bundle = `some words\n${pem('X509 CRL', crlBytes)}${pem('CERTIFICATE', dsBytes)}${
      pem('CERTIFICATE', cscaBytes)
    }`;
    const { store, report } = into(TrustStore.empty, text('bundle.pem', bundle));
    expect(report.refused).toEqual([]);
    expect(report.added.map(({ kind }) => kind).sort()).toEqual(['crl', 'csca', 'document-signer']);
    expect([store.anchors.size, store.documentSigners.size]).toEqual([1, 1]);
    expect(store.crls.issuedBy(parseCertificate(cscaBytes).subject.key).length).toBe(1);
  });

  test('all or nothing: one bad file leaves the store as it was', () => {
    const bad: ImportFile[] = [
      { name: 'empty.cer', bytes: new Uint8Array() },
      { name: 'noise.bin', bytes: Uint8Array.of(1, 2, 3) },
      { name: 'short.cer', bytes: dsBytes.subarray(0, 100) },
      text('broken.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n'),
      text('key.pem', pem('PRIVATE KEY', Uint8Array.of(0x30, 0))),
      text('broken.ldif', 'version: 1\ndn: c=UT\nuserCertificate;binary:: %%%\n'),
    ];
    for (const one of bad) {
      const { store, report } = into(rooted, { name: 'ds.cer', bytes: dsBytes }, one);
      expect(store).toBe(rooted);
      expect(report.accepted).toBe(false);
      expect(report.failure?.file).toBe(one.name);
      expect(report.failure?.reason).toContain(one.name);
      expect(report.added).toEqual([]);
    }
  });

  test('a CRL that no trusted certificate signed is refused', () => {
    const forged = mintCrl({ issuer: csca, key: strangerKey });
    const { store, report } = into(rooted, { name: 'forged.crl', bytes: forged });
    expect(report.refused.map(({ reason }) => reason)).toEqual([
      'no trusted certificate of its issuer signed it',
    ]);
    expect(store.contents.crls.size).toBe(0);
  });

  test('a newer CRL replaces the older one, never the reverse', () => {
    const newer = mintCrl({ issuer: csca, key: cscaKey, from: '2024-01-15', number: 2 });
    const files = [{ name: 'old.crl', bytes: crlBytes }, { name: 'new.crl', bytes: newer }];
    for (const order of [files, files.toReversed()]) {
      const { store } = into(rooted, ...order);
      expect([...store.contents.crls.values()].map(({ object }) => object.extensions.crlNumber))
        .toEqual([2n]);
    }
  });

  test('a certificate that is neither authority nor signer, or has an unknown key, is refused', () => {
    const useless = mintCertificate({
      subject: name('UT', 'TLS'),
      issuer: csca,
      key: dsKey,
      issuerKey: cscaKey,
      extensions: [extension('2.5.29.15', der.bitString(Uint8Array.of(0x20), 5), true)],
    });
    expect(into(rooted, { name: 'tls.cer', bytes: useless }).report.refused[0].reason)
      .toContain('neither');
    const strange = {
      ...dsKey,
      spki: der.sequence(der.sequence(der.oid('1.2.3')), der.bitString(Uint8Array.of(1))),
    };
    const unknown = mintCertificate({
      subject: name('UT', 'DS'),
      issuer: csca,
      key: strange,
      issuerKey: cscaKey,
      extensions: [],
    });
    expect(into(rooted, { name: 'x.cer', bytes: unknown }).report.refused[0].reason)
      .toContain('1.2.3');
  });
});

describe('lists', () => {
  test('a master list brings CSCA certificates of all states and says who vouched', () => {
    const { store, report } = into(rooted, { name: 'list.ml', bytes: masterList });
    expect(report.known.length).toBe(1);
    expect(report.expired.map(({ subject }) => subject)).toEqual(['C=XX, CN=Stranger']);
    expect(report.refused.map(({ reason }) => reason)).toEqual(['not a certification authority']);
    const entry = store.contents.anchors.get(parseCertificate(strangerBytes).fingerprint);
    expect(entry?.sources).toEqual([
      { kind: 'master-list', file: 'list.ml', voucher: 'C=UT, CN=CSCA' },
    ]);
  });

  test('only a root may vouch for a list, not a certificate from a file or another list', () => {
    const plain = into(TrustStore.empty, { name: 'csca.cer', bytes: cscaBytes }).store;
    const refused = into(plain, { name: 'list.ml', bytes: masterList }).report;
    expect(refused.failure?.code).toBe('PKI_UNTRUSTED');
    expect(into(rooted, { name: 'list.ml', bytes: masterList }).store.roots.size).toBe(1);
  });

  test('an altered list is refused as a whole', () => {
    const altered = masterList.slice();
    altered[altered.length >> 1] ^= 1;
    const { store, report } = into(rooted, { name: 'list.ml', bytes: altered });
    expect(store).toBe(rooted);
    expect(report.accepted).toBe(false);
  });

  test('a deviation list is told with the documents it concerns', () => {
    const { store, report } = into(rooted, { name: 'ut.dl', bytes: deviationList });
    expect(report.added.map(({ kind }) => kind)).toEqual(['deviation-list']);
    expect(store.deviationsOf(parseCertificate(dsBytes)).map(({ detail }) => detail)).toEqual([
      'deviation list: data group hash wrong (Wrong hash of DG11)',
    ]);
    expect(store.deviationsOf(parseCertificate(cscaBytes))).toEqual([]);
  });
});

describe('LDIF of the ICAO PKD', () => {
  test('document signers, CRLs, master lists', () => {
    const { store, report } = into(
      rooted,
      ldif(
        ldifLine('userCertificate;binary', dsBytes),
        ldifLine('certificateRevocationList;binary', crlBytes),
        ldifLine('pkdMasterListContent', masterList),
        'description: passed over',
      ),
    );
    expect(report.failure).toBeUndefined();
    expect([store.anchors.size, store.documentSigners.size, store.contents.crls.size])
      .toEqual([2, 1, 1]);
  });

  test('a CSCA certificate that stands there unsigned is not trusted', () => {
    const { store, report } = into(rooted, ldif(ldifLine('cACertificate;binary', strangerBytes)));
    expect(store.anchors.size).toBe(1);
    expect(report.refused[0].reason).toContain('not signed');
  });

  test('a list or certificate that cannot be verified does not stop the others', () => {
    const { store, report } = into(
      TrustStore.empty,
      ldif(
        ldifLine('pkdMasterListContent', masterList),
        ldifLine('userCertificate;binary', Uint8Array.of(0x30, 0x00)),
        ldifLine('userCertificate;binary', dsBytes),
      ),
    );
    expect(report.refused.map(({ from }) => from)).toEqual(['pkd.ldif line 40', 'pkd.ldif line 4']);
    expect(store.documentSigners.size).toBe(1);
  });
});

describe('serialisation', () => {
  const files: ImportFile[] = [
    { name: 'list.ml', bytes: masterList },
    { name: 'ut.dl', bytes: deviationList },
    { name: 'ds.cer', bytes: dsBytes },
    { name: 'ut.crl', bytes: crlBytes },
  ];

  test('the same contents are the same bytes in whatever order they came', () => {
    const forward = serialiseTrustStore(into(rooted, ...files).store);
    const backward = serialiseTrustStore(into(rooted, ...files.toReversed()).store);
    expect(backward).toEqual(forward);
    let step = rooted;
    for (const one of [...files, ...files]) step = into(step, one).store;
    expect(serialiseTrustStore(step)).toEqual(forward);
  });

  test('read back, it is the same store', () => {
    const { store } = into(rooted, ...files);
    const bytes = serialiseTrustStore(store);
    const again = parseTrustStore(bytes);
    expect(serialiseTrustStore(again)).toEqual(bytes);
    expect([...again.anchors].length).toBe(store.anchors.size);
    expect(again.roots.size).toBe(1);
    expect(again.deviationsOf(parseCertificate(dsBytes)).length).toBe(1);
  });

  test('other bytes are refused with a typed error', () => {
    const bytes = serialiseTrustStore(rooted);
    for (
      const bad of [new Uint8Array(), bytes.subarray(0, 40), cscaBytes, Uint8Array.of(0x30, 0)]
    ) {
      expect(() => parseTrustStore(bad)).toThrow(expect.objectContaining({ name: 'EmrtdError' }));
    }
  });
});

describeWithData('a store of a thousand certificates', ['emrtd/masterlist'], () => {
  test('holds the collection and the lists; finds issuers by key identifier and by name', () => {
    const { store, report } = importInto(
      TrustStore.empty,
      [
        ...['DE', 'NL-2021', 'NL-2024'].map((n) => ({
          name: `${n}.cer`,
          bytes: file(`csca/${n}.cer`),
          root: true,
        })),
        { name: 'collection.pem', bytes: file('masterlist/csca-collection.pem') },
        { name: 'de.ml', bytes: file('masterlist/DE-2024-08-07.ml') },
        { name: 'nl.ml', bytes: file('masterlist/NL-2025-07-29.ml') },
      ],
      { at: new Date('2025-08-01') },
    );
    expect(report.failure).toBeUndefined();
    // A cross link of PT says that its key does not sign certificates.
    expect(report.refused.map(({ subject }) => subject.slice(0, 12))).toEqual(['CN=ECN004 00']);
    expect(store.anchors.size).toBeGreaterThan(700);
    for (const one of store.anchors) {
      expect(store.anchors.withSubject(one.subject.key)).toContain(one);
    }
  }, 60_000);
});
