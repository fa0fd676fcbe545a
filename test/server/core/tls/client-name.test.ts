/** What clients with certificates are called: one visible line, whatever the subject says. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { X509Certificate } from 'node:crypto';
import { clientNameOf } from '../../../../server/core/tls/client-name.ts';

const named = (subject: string | undefined) =>
  clientNameOf({ subject, fingerprint256: 'AB:CD' } as X509Certificate);

test('a client is called by its common name, or its subject, or its fingerprint', () => {
  expect(named('C=UT\nO=Bank\nCN=teller-7')).toBe('teller-7');
  expect(named('CN=one\nCN=two')).toBe('CN=one, CN=two');
  expect(named('O=Bank')).toBe('O=Bank');
  expect(named('')).toBe('certificate abcd');
  expect(named(undefined)).toBe('certificate abcd');
});

test('a name is one line of limited length', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
    for (const name of [named(text), named(`CN=${text}`)]) {
      expect(name).toMatch(/^[^\p{C}]{1,200}$/u);
    }
  }));
});
