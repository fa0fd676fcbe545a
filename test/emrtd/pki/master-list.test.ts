import { describe, expect, test } from 'bun:test';
import { der } from '../../../emrtd/asn1/mod.ts';
import { CertificateIndex, parseCertificate, parseMasterList } from '../../../emrtd/pki/mod.ts';
import { describeWithData } from '../../support/shared-data.ts';
import {
  extension,
  freshSigner,
  issuerAndSerial,
  keyId,
  type MessageSpec,
  mintCertificate,
  mintSignedData,
  name,
} from './support/mint.ts';
import { certificate, file } from './support/shared-files.ts';

const LISTS = [
  { list: 'DE-2024-08-07', root: 'DE', at: '2024-09-01', size: 541, countries: 109, links: 72 },
  { list: 'NL-2025-07-29', root: 'NL-2024', at: '2025-08-01', size: 394, countries: 120, links: 0 },
  { list: 'NL-2021-12-07', root: 'NL-2021', at: '2022-01-01', size: 306, countries: 96, links: 0 },
];

describeWithData('published master lists', ['emrtd/masterlist', 'emrtd/csca'], () => {
  for (const { list, root, at, size, countries, links } of LISTS) {
    const roots = () =>
      new CertificateIndex(
        ['DE', 'DE-2024', 'NL-2021', 'NL-2024'].map((n) => certificate(`csca/${n}.cer`)),
      );

    test(`${list}: verified, the root found by key identifier among several`, () => {
      const options = { name: list, roots: roots(), at: new Date(at) };
      const parsed = parseMasterList(file(`masterlist/${list}.ml`), options);
      expect(parsed.root.fingerprint).toBe(certificate(`csca/${root}.cer`).fingerprint);
      expect(parsed.checks.filter(({ status }) => status === 'failed')).toEqual([]);
      const certificates = parsed.certificates.map((raw) => parseCertificate(raw));
      expect(new CertificateIndex(certificates).size).toBe(size);
      expect(new Set(certificates.map(({ subject }) => subject.country)).size).toBe(countries);
      const renamed = certificates.filter(({ issuer, subject }) =>
        issuer.raw.toHex() !== subject.raw.toHex()
      );
      expect(renamed.length).toBe(links);
    });

    test(`${list}: refused without its root, at another time, or with one bit changed`, () => {
      const bytes = file(`masterlist/${list}.ml`);
      const others = [...roots()].filter(({ fingerprint }) =>
        fingerprint !== certificate(`csca/${root}.cer`).fingerprint
      );
      const read = (list: Uint8Array, chosen: CertificateIndex, time: string) => () =>
        parseMasterList(list, { name: 'list', roots: chosen, at: new Date(time) });
      expect(read(bytes, new CertificateIndex(others), at)).toThrow('anchor.found');
      expect(read(bytes, roots(), '2045-01-01')).toThrow('validity-period');
      const altered = bytes.slice();
      altered[altered.length >> 1] ^= 1;
      expect(read(altered, roots(), at)).toThrow(expect.objectContaining({ name: 'EmrtdError' }));
    });
  }
});

describe('signers of a master list', () => {
  const AT = new Date('2024-02-01');
  const csca = name('UT', 'CSCA');
  const [cscaKey, signerKey] = ['ml csca', 'ml signer'].map(freshSigner);
  const root = mintCertificate({
    subject: csca,
    issuer: csca,
    key: cscaKey,
    issuerKey: cscaKey,
    ca: {},
  });
  const purpose = (oid: string) => extension('2.5.29.37', der.sequence(der.oid(oid)), true);
  const content = der.sequence(der.integer(0), der.set(root));

  function read(extra: Uint8Array[], change: Partial<MessageSpec> = {}) {
    const signer = mintCertificate({
      subject: name('UT', 'List signer'),
      issuer: csca,
      key: signerKey,
      issuerKey: cscaKey,
      serial: 9,
      extra,
    });
    const bytes = mintSignedData({
      contentType: '2.23.136.1.1.2',
      content,
      key: signerKey,
      certificates: [signer],
      sid: der.contextPrimitive(0, keyId(signerKey.spki)),
      ...change,
    });
    const roots = new CertificateIndex([parseCertificate(root)]);
    return parseMasterList(bytes, { name: 'list', roots, at: AT });
  }

  test('a certificate for that purpose', () => {
    expect(read([purpose('2.23.136.1.1.3')]).certificates.length).toBe(1);
  });

  test('the CSCA itself', () => {
    const own = { key: cscaKey, certificates: [root], sid: issuerAndSerial(csca, 1) };
    expect(read([], own).certificates.length).toBe(1);
  });

  test('not a document signer, nor one for another purpose', () => {
    expect(() => read([])).toThrow('not a list signer');
    expect(() => read([purpose('2.23.136.1.1.8')])).toThrow('extended-key-usage');
  });

  test('not a message of another type, nor a list of an unknown version', () => {
    const good = [purpose('2.23.136.1.1.3')];
    expect(() => read(good, { contentType: '2.23.136.1.1.7' })).toThrow('content-type');
    const later = der.sequence(der.integer(1), der.set(root));
    expect(() => read(good, { content: later })).toThrow('version 1');
  });
});
