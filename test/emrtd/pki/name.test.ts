import { expect, test } from 'bun:test';
import { der, parseTlv } from '../../../emrtd/asn1/mod.ts';
import { Name } from '../../../emrtd/pki/mod.ts';

const TYPES = { C: '2.5.4.6', O: '2.5.4.10', CN: '2.5.4.3' };

function nameOf(...parts: [keyof typeof TYPES, Uint8Array][]): Name {
  return new Name(parseTlv(
    der.sequence(
      ...parts.map(([type, value]) => der.set(der.sequence(der.oid(TYPES[type]), value))),
    ),
  ));
}

test('letter case, blanks and the type of string do not distinguish names (RFC 5280 7.1)', () => {
  const lower = nameOf(['C', der.printable('gb')], ['CN', der.utf8('Country  Signing Authority ')]);
  const upper = nameOf(['C', der.utf8('GB')], ['CN', der.printable('COUNTRY SIGNING authority')]);
  expect(lower.equals(upper)).toBe(true);
  expect(lower.country).toBe('GB');
});

test('other values, another order and another number of parts do', () => {
  const one = nameOf(['C', der.printable('DE')], ['CN', der.printable('csca')]);
  expect(one.equals(nameOf(['CN', der.printable('csca')], ['C', der.printable('DE')]))).toBe(false);
  expect(one.equals(nameOf(['C', der.printable('DE')], ['CN', der.printable('csca2')]))).toBe(
    false,
  );
  expect(one.equals(nameOf(['C', der.printable('DE')]))).toBe(false);
  expect(one.equals(nameOf(['C', der.printable('DE')], ['O', der.printable('csca')]))).toBe(false);
});

test('a value cannot imitate the separators of the comparison', () => {
  const two = nameOf(['O', der.utf8('a')], ['CN', der.utf8('b')]);
  const one = nameOf(['O', der.utf8('a"]],[["2.5.4.3","b')]);
  expect(two.equals(one)).toBe(false);
});

test('control characters do not reach a terminal', () => {
  expect(nameOf(['CN', der.utf8('a\u001b[31mb\u202e')]).toString()).toBe('CN=a?[31mb?');
});
