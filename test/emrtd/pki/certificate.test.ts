import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { der } from '../../../emrtd/asn1/mod.ts';
import {
  CertificateIndex,
  deviationsOf,
  parseCertificate,
  parsePem,
  verifyCertificateSignature,
} from '../../../emrtd/pki/mod.ts';
import type { Certificate } from '../../../emrtd/pki/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { extension, freshSigner, keyUsage, mintCertificate, name } from './support/mint.ts';
import { certificate } from './support/shared-files.ts';

function collection(): Certificate[] {
  const text = readFileSync(sharedPath('emrtd/masterlist/csca-collection.pem'), 'utf8');
  return parsePem(text).map(({ bytes }) => parseCertificate(bytes));
}

describeWithData('720 CSCA certificates', ['emrtd/masterlist/csca-collection.pem'], () => {
  test('all are read, keys included, and told apart', () => {
    const certificates = collection();
    expect(certificates.length).toBe(720);
    expect(new CertificateIndex(certificates).size).toBe(720);
    expect(new Set(certificates.map(({ subject }) => subject.country)).size).toBe(122);
    for (const { publicKey } of certificates) expect(['rsa', 'ec']).toContain(publicKey.kind);
    const links = certificates.filter(({ issuer, subject }) =>
      issuer.raw.toHex() !== subject.raw.toHex()
    );
    expect(links.length).toBe(112);
    // Seven of them differ in letter case or in the type of string only.
    expect(links.filter(({ selfIssued }) => selfIssued).length).toBe(7);
  }, 60_000);

  test('the three of LT with a bare subject key identifier are found by it', () => {
    const index = new CertificateIndex(collection());
    const bare = [...index].filter(({ subject, extensions }) =>
      subject.country === 'LT' && extensions.get('2.5.29.14')?.value.length === 20
    );
    expect(bare.length).toBe(3);
    for (const one of bare) {
      const keyId = one.extensions.subjectKeyIdentifier;
      expect(keyId?.length).toBe(20);
      expect(index.withKeyId(keyId?.toHex() ?? '')).toContain(one);
    }
  });

  test('716 of 720 verify with the issuer that is found for them', () => {
    const index = new CertificateIndex(collection());
    const orphans = [...index].filter((one) =>
      !index.issuersOf(one).some((issuer) => verifyCertificateSignature(one, issuer))
    );
    // The issuers of three are not in the collection; the signature of the link of CI is wrong.
    expect(orphans.map(({ subject }) => subject.country).sort()).toEqual(['CI', 'GR', 'MA', 'PT']);
  }, 60_000);

  test('the verdict on the profile of real certificates is a list, never an exception', () => {
    const deviations = collection().flatMap((one) => deviationsOf(one, 'anchor'));
    expect(deviations.length).toBeGreaterThan(0);
  });
});

describeWithData('known certificates', ['emrtd/csca', 'emrtd/dsc'], () => {
  test('fields are those that the manifest states', () => {
    const at = certificate('csca/AT.cer');
    expect(at.serialHex).toBe('47F');
    expect(at.subject.toString()).toBe('C=AT, O=GV, OU=BMI, CN=CSCA-AUSTRIA');
    expect(at.notBefore.toISOString().slice(0, 10)).toBe('2019-09-02');
    expect(at.notAfter.toISOString().slice(0, 10)).toBe('2030-01-05');
    expect(at.selfIssued).toBe(true);
    expect(verifyCertificateSignature(at, at)).toBe(false);
    expect(verifyCertificateSignature(certificate('dsc/AT.cer'), at)).toBe(true);
    expect(certificate('dsc/FR.cer').serialHex).toBe('1121A518DFA6CEFF481E5299E4F27FC32A77');
  });

  test('states and document types of signers are read, in the shapes that states use', () => {
    const scope = (state: string) => {
      const { issuingStates, documentTypes } = certificate(`dsc/${state}.cer`).extensions;
      return [issuingStates, documentTypes];
    };
    expect(scope('AT')).toEqual([['AUT'], ['P', 'AR', 'ID']]);
    expect(scope('DE')).toEqual([['D'], ['P']]);
    expect(scope('SG')).toEqual([['SGP'], ['P']]);
    expect(scope('GB')).toEqual([[], undefined]);
  });

  test('document types without a version, as some issuers write them', () => {
    const key = freshSigner('types');
    const subject = name('UT', 'x');
    const types = (...parts: Uint8Array[]) => {
      const value = der.sequence(...parts, der.set(der.printable('P'), der.printable('ID')));
      const extra = [extension('2.23.136.1.1.6.2', value)];
      const bytes = mintCertificate({ subject, issuer: subject, key, issuerKey: key, extra });
      return parseCertificate(bytes).extensions.documentTypes;
    };
    expect(types()?.toSorted()).toEqual(['ID', 'P']);
    expect(types(der.integer(0))?.toSorted()).toEqual(['ID', 'P']);
  });

  test('two CSCA certificates of one name are told apart by key identifier', () => {
    const [older, newer] = [certificate('csca/DE.cer'), certificate('csca/DE-2024.cer')];
    expect(older.subject.equals(newer.subject)).toBe(true);
    const index = new CertificateIndex([older, newer]);
    expect(index.issuersOf(certificate('dsc/DE.cer'))).toEqual([older]);
  });
});

describe('malformed certificates', () => {
  const key = freshSigner('certificate');
  const subject = name('UT', 'x');
  const good = mintCertificate({ subject, issuer: subject, key, issuerKey: key });

  test('truncated at every byte: a typed error', () => {
    for (let length = 0; length < good.length; length += 7) {
      expect(() => parseCertificate(good.subarray(0, length))).toThrow(
        expect.objectContaining({ name: 'EmrtdError' }),
      );
    }
  });

  test('bytes left over are refused', () => {
    const longer = new Uint8Array(good.length + 1);
    longer.set(good);
    expect(() => parseCertificate(longer)).toThrow('left over');
  });

  test('an absurd number of extensions is refused', () => {
    const extensions = Array.from({ length: 65 }, () => keyUsage(0));
    const many = mintCertificate({ subject, issuer: subject, key, issuerKey: key, extensions });
    expect(() => parseCertificate(many)).toThrow('65 extensions');
  });
});
