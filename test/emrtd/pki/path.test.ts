import { describe, expect, test } from 'bun:test';
import {
  CertificateIndex,
  CrlIndex,
  parseCertificate,
  parseCrl,
  type PathRequest,
  validatePath,
} from '../../../emrtd/pki/mod.ts';
import type { Certificate } from '../../../emrtd/pki/mod.ts';
import { der } from '../../../emrtd/asn1/mod.ts';
import {
  type CertificateSpec,
  type CrlSpec,
  extension,
  freshSigner,
  mintCertificate,
  mintCrl,
  name,
} from './support/mint.ts';

const AT = new Date('2024-02-01');
const csca = name('UT', 'CSCA');
const [oldKey, newKey, dsKey, otherKey] = ['old', 'new', 'ds', 'other'].map(freshSigner);

function mint(spec: Partial<CertificateSpec>): Certificate {
  return parseCertificate(mintCertificate({
    subject: csca,
    issuer: csca,
    key: oldKey,
    issuerKey: oldKey,
    ca: { pathLength: 0 },
    ...spec,
  }));
}

const oldCsca = mint({});
const newCsca = mint({ key: newKey, issuerKey: newKey, serial: 2 });
/** The new key under the old one (9303-12 7.1). */
const link = mint({ key: newKey, issuerKey: oldKey, serial: 3 });

function ds(change: Partial<CertificateSpec> = {}): Certificate {
  const { ca: _, ...rest } = change;
  return parseCertificate(mintCertificate({
    subject: name('UT', 'DS'),
    issuer: csca,
    key: dsKey,
    issuerKey: oldKey,
    serial: 77,
    ...rest,
  }));
}

function crl(change: Partial<CrlSpec> = {}) {
  return new CrlIndex([parseCrl(mintCrl({ issuer: csca, key: oldKey, ...change }))]);
}

function validate(certificate: Certificate, change: Partial<PathRequest> = {}) {
  return validatePath({
    certificate,
    anchors: new CertificateIndex([oldCsca]),
    at: AT,
    use: { signsContent: true },
    ...change,
  });
}

function status(result: ReturnType<typeof validate>, check: string): string | undefined {
  return result.checks.find((made) => made.check === check)?.status;
}

function failures(result: ReturnType<typeof validate>): string[] {
  return result.checks.filter((made) => made.status === 'failed').map(({ check }) => check);
}

describe('two levels', () => {
  test('a document signer of the CSCA is valid, and every check is named', () => {
    const result = validate(ds());
    expect(result.valid).toBe(true);
    expect(result.checks.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'signer.validity-period passed',
      'signer.extensions passed',
      'signer.key-usage passed',
      'signer.issuer-name passed',
      'signer.key-identifier passed',
      'anchor.validity-period passed',
      'anchor.extensions passed',
      'anchor.basic-constraints passed',
      'anchor.path-length passed',
      'anchor.key-usage passed',
      'signer.signature passed',
      'signer.revocation skipped',
    ]);
    expect(result.deviations).toEqual([]);
  });

  const cases: Record<string, [() => Certificate, string[]]> = {
    'expired signer': [() => ds({ to: '2024-01-31' }), ['signer.validity-period']],
    'signer not valid yet': [() => ds({ from: '2024-02-02' }), ['signer.validity-period']],
    'unknown critical extension': [
      () => ds({ extra: [extension('1.2.3.4', der.nul(), true)] }),
      ['signer.extensions'],
    ],
    'name constraints, critical or not': [
      () => ds({ extra: [extension('2.5.29.30', der.sequence())] }),
      ['signer.extensions'],
    ],
    'repeated extension': [
      () => ds({ extra: [extension('2.5.29.18', der.nul()), extension('2.5.29.18', der.nul())] }),
      ['signer.extensions'],
    ],
    'issuer of another name': [() => ds({ issuer: name('UT', 'Other') }), ['signer.issuer-name']],
    'signed by another key under the name and key identifier of the CSCA': [
      () => ds({ issuerKey: { ...otherKey, spki: oldKey.spki } }),
      ['signer.signature'],
    ],
    'a critical purpose that is not signing documents': [
      () =>
        ds({ extra: [extension('2.5.29.37', der.sequence(der.oid('1.3.6.1.5.5.7.3.1')), true)] }),
      ['signer.extended-key-usage'],
    ],
    'key identifier of another key': [() => ds({ issuerKey: otherKey }), ['anchor.found']],
  };
  for (const [how, [certificate, expected]] of Object.entries(cases)) {
    test(`refused: ${how}`, () => {
      const result = validate(certificate());
      expect(result.valid).toBe(false);
      expect(failures(result)).toEqual(expected);
    });
  }

  test('a document signer cannot issue another one', () => {
    const child = ds({ issuer: name('UT', 'DS'), issuerKey: dsKey, key: otherKey });
    const result = validate(child, { intermediates: new CertificateIndex([ds()]) });
    expect(result.valid).toBe(false);
    expect(failures(result)).toContain('intermediate-1.basic-constraints');
  });

  test('a trusted certificate is still checked', () => {
    const expired = mint({ to: '2023-01-01' });
    const result = validate(ds(), { anchors: new CertificateIndex([expired]) });
    expect(failures(result)).toEqual(['anchor.validity-period']);
  });

  test('among several certificates of one name the right one is found', () => {
    const many = Array.from(
      { length: 30 },
      (_, i) => mint({ key: freshSigner(`csca ${i}`), serial: i }),
    );
    const result = validate(ds(), { anchors: new CertificateIndex([...many, oldCsca]) });
    expect(result.path[1]).toBe(oldCsca);
  });
});

describe('link certificates', () => {
  const signer = ds({ issuerKey: newKey });

  test('a link leads from the new key to the trusted old one', () => {
    const result = validate(signer, { intermediates: new CertificateIndex([link]) });
    expect(result.path).toEqual([signer, link, oldCsca]);
  });

  test('a trusted link ends the path', () => {
    const result = validate(signer, { anchors: new CertificateIndex([link]) });
    expect(result.path).toEqual([signer, link]);
  });

  test('without the link the new key is not trusted', () => {
    const result = validate(signer, { intermediates: new CertificateIndex([newCsca]) });
    expect(result.valid).toBe(false);
    expect(failures(result)).toEqual(['anchor.found']);
  });

  test('a link under a new name counts for the path length (RFC 5280 4.2.1.9)', () => {
    const renamed = mint({ subject: name('UT', 'CSCA 2'), key: newKey, serial: 4 });
    const child = ds({ issuer: name('UT', 'CSCA 2'), issuerKey: newKey });
    const result = validate(child, { intermediates: new CertificateIndex([renamed]) });
    expect(failures(result)).toEqual(['anchor.path-length']);
    expect(validate(child, { anchors: new CertificateIndex([renamed]) }).valid).toBe(true);
  });

  test('two links that certify each other do not loop', () => {
    const back = mint({ key: oldKey, issuerKey: newKey, serial: 5 });
    const result = validate(signer, {
      anchors: new CertificateIndex([mint({ key: otherKey, issuerKey: otherKey })]),
      intermediates: new CertificateIndex([link, back]),
    });
    expect(result.valid).toBe(false);
  });
});

describe('revocation', () => {
  test('not listed: passed; listed: failed', () => {
    expect(status(validate(ds(), { crls: crl({ revoked: [76] }) }), 'signer.revocation'))
      .toBe('passed');
    const revoked = validate(ds(), { crls: crl({ revoked: [76, 77] }) });
    expect(failures(revoked)).toEqual(['signer.revocation']);
  });

  test('a serial number revoked by another issuer means nothing', () => {
    const foreign = crl({ issuer: name('UT', 'Other'), key: otherKey, revoked: [77] });
    expect(validate(ds(), { crls: foreign }).valid).toBe(true);
  });

  test('a list signed by somebody else under the name of the CSCA means nothing', () => {
    const forged = validate(ds(), { crls: crl({ key: otherKey, revoked: [77] }) });
    expect(forged.valid).toBe(true);
    expect(status(forged, 'signer.revocation')).toBe('skipped');
  });

  test('an old list still revokes, but no longer clears', () => {
    const old = { from: '2023-01-01', to: '2023-04-01' };
    expect(validate(ds(), { crls: crl({ ...old, revoked: [77] }) }).valid).toBe(false);
    expect(status(validate(ds(), { crls: crl(old) }), 'signer.revocation')).toBe('skipped');
  });

  test('required: without a usable list the chain is not valid', () => {
    const required = { revocation: 'required' } as const;
    expect(validate(ds(), { ...required, crls: crl() }).valid).toBe(true);
    expect(failures(validate(ds(), required))).toEqual(['signer.revocation']);
    const old = crl({ from: '2023-01-01', to: '2023-04-01' });
    expect(failures(validate(ds(), { ...required, crls: old }))).toEqual(['signer.revocation']);
  });

  test('the current key of the CSCA revokes what its old key signed (9303-12 7.2)', () => {
    const crls = crl({ key: newKey, revoked: [77] });
    expect(validate(ds(), { crls }).valid).toBe(true);
    const anchors = new CertificateIndex([oldCsca, newCsca]);
    expect(failures(validate(ds(), { crls, anchors }))).toEqual(['signer.revocation']);
    const intermediates = new CertificateIndex([link]);
    expect(failures(validate(ds(), { crls, intermediates }))).toEqual(['signer.revocation']);
  });
});
