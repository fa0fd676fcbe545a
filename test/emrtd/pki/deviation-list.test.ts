import { describe, expect, test } from 'bun:test';
import { der } from '../../../emrtd/asn1/mod.ts';
import { digest, hashOid } from '../../../emrtd/crypto/mod.ts';
import { concerns } from '../../../emrtd/pki/deviation-list.ts';
import { parseCertificate, parseDeviationListContent } from '../../../emrtd/pki/mod.ts';
import { freshSigner, keyId, mintCertificate, name } from './support/mint.ts';

const issuer = name('UT', 'CSCA');
const key = freshSigner('deviating signer');
const signer = parseCertificate(mintCertificate({
  subject: name('UT', 'DS'),
  issuer,
  key,
  issuerKey: freshSigner('csca'),
  serial: 7,
}));
const other = parseCertificate(mintCertificate({
  subject: name('UT', 'DS'),
  issuer,
  key: freshSigner('another signer'),
  issuerKey: freshSigner('csca'),
  serial: 8,
}));

const DESCRIPTION = der.sequence(
  der.printable('BAC key wrong'),
  der.oid('2.23.136.1.1.7.3.1'),
  der.context(0, der.integer(4)),
  der.context(1, der.nul()),
);

function list(documents: Uint8Array, description = DESCRIPTION): Uint8Array {
  return der.sequence(
    der.integer(0),
    der.sequence(der.oid(hashOid('SHA-256'))),
    der.set(der.sequence(documents, der.set(description))),
  );
}

function only(content: Uint8Array) {
  const { entries } = parseDeviationListContent(content);
  expect(entries.length).toBe(1);
  return entries[0];
}

describe('entries of a deviation list (ICAO 9303-12 10)', () => {
  test('what it says', () => {
    const entry = only(list(der.sequence()));
    expect(entry.descriptions).toEqual([
      { type: '2.23.136.1.1.7.3.1', name: 'MRZ: wrong data', description: 'BAC key wrong' },
    ]);
  });

  test('a type that is not known keeps its number', () => {
    const unknown = der.sequence(der.oid('2.23.136.1.1.7.9'));
    expect(only(list(der.sequence(), unknown)).descriptions).toEqual([
      { type: '2.23.136.1.1.7.9', name: '2.23.136.1.1.7.9', description: undefined },
    ]);
  });

  const identifiers: Record<string, Uint8Array> = {
    'issuer and serial number, implicit tag': der.context(1, issuer, der.integer(7)),
    'issuer and serial number, explicit tag': der.context(1, der.sequence(issuer, der.integer(7))),
    'key identifier, implicit tag': der.contextPrimitive(2, keyId(key.spki)),
    'key identifier, explicit tag': der.context(2, der.octetString(keyId(key.spki))),
    'digest of the certificate': der.context(
      3,
      der.sequence(der.oid(hashOid('SHA-256'))),
      der.octetString(digest('SHA-256', signer.raw)),
    ),
  };
  for (const [how, identifier] of Object.entries(identifiers)) {
    test(`the signer by ${how}`, () => {
      const entry = only(list(der.sequence(identifier)));
      expect(concerns(entry, signer)).toBe(true);
      expect(concerns(entry, other)).toBe(false);
    });
  }

  test('an entry that names no signer concerns none', () => {
    expect(concerns(only(list(der.sequence())), signer)).toBe(false);
  });

  test('a digest of an unknown kind concerns none', () => {
    const identifier = der.context(
      3,
      der.sequence(der.oid('1.2.3')),
      der.octetString(digest('SHA-256', signer.raw)),
    );
    expect(concerns(only(list(der.sequence(identifier))), signer)).toBe(false);
  });

  test('document type, period and numbers', () => {
    const [from, to] = [new Date('2020-01-01'), new Date('2021-01-01')];
    const period = [der.generalizedTime(from), der.generalizedTime(to)];
    for (const explicit of [false, true]) {
      const entry = only(list(der.sequence(
        explicit
          ? der.context(0, der.ia5('P<'))
          : der.contextPrimitive(0, new TextEncoder().encode('P<')),
        explicit ? der.context(4, der.sequence(...period)) : der.context(4, ...period),
        explicit
          ? der.context(5, der.set(der.printable('A1'), der.printable('A2')))
          : der.context(5, der.printable('A1'), der.printable('A2')),
      )));
      expect(entry.documentType).toBe('P<');
      expect(entry.issued).toEqual({ from, to });
      expect(entry.documentNumbers).toEqual(['A1', 'A2']);
    }
  });

  test('broken entries are typed errors', () => {
    const broken = [
      list(der.sequence(der.context(1, issuer))),
      list(der.sequence(der.context(3, der.nul()))),
      list(der.sequence(der.context(4, der.generalizedTime(new Date(0))))),
      list(der.sequence(der.context(9, der.nul()))),
      der.sequence(der.integer(1), der.set()),
    ];
    for (const content of broken) {
      expect(() => parseDeviationListContent(content))
        .toThrow(expect.objectContaining({ name: 'EmrtdError' }));
    }
  });
});
