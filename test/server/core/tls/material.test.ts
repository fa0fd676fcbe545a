/** Certificates in PEM: a file is used whole or refused by its name. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { certificatesIn } from '../../../../server/core/tls/material.ts';
import { ServerError } from '../../../../server/core/errors.ts';
import { Certificates, HAS_OPENSSL } from '../../support/certificates.ts';

function read(pem: string): number {
  try {
    return certificatesIn(pem, 'the file').length;
  } catch (error) {
    expect(error).toBeInstanceOf(ServerError);
    expect((error as ServerError).message).toMatch(/^the file: (no|too many) certificates/);
    return 0;
  }
}

test('any text is read or refused', () => {
  const block = (text: string) =>
    `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    expect(read(text)).toBe(0);
    expect(read(block(text))).toBe(0);
    expect(read(block(btoa(encodeURIComponent(text))))).toBe(0);
  }));
});

test.skipIf(!HAS_OPENSSL)('a chain is read whole or not at all [needs openssl]', async () => {
  const pki = await Certificates.make();
  await pki.add('one', '/CN=one');
  const one = await Bun.file(pki.file('one.pem')).text();
  expect(read(`comment\n${one}${one}`)).toBe(2);
  const numRuns = 200;
  fc.assert(
    fc.property(fc.nat(one.length - 1), fc.constantFrom('A', '=', '-', '\0'), (at, other) => {
      expect(read(one + one.slice(0, at) + other + one.slice(at + 1))).toBeLessThanOrEqual(2);
    }),
    { numRuns },
  );
  await pki.remove();
});
