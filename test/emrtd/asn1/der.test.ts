import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  boolean,
  der,
  explicit,
  fields,
  integer,
  oid,
  parseTlv,
  TAG,
  text,
  time,
  tlv,
} from '../../../emrtd/asn1/mod.ts';
import { failure, hex } from './support.ts';

describe('DER writer', () => {
  test('writes known encodings', () => {
    expect(der.integer(0)).toEqual(hex('020100'));
    expect(der.integer(128)).toEqual(hex('02020080'));
    expect(der.integer(-129)).toEqual(hex('0202FF7F'));
    expect(der.oid('1.2.840.113549')).toEqual(hex('06062A864886F70D'));
    expect(der.oid('2.999.3')).toEqual(hex('0603883703'));
    expect(der.sequence(der.nul(), der.boolean(true))).toEqual(hex('300505000101FF'));
    expect(der.bitString(hex('F0'), 4)).toEqual(hex('030204F0'));
    expect(der.context(0, der.integer(1))).toEqual(hex('A003020101'));
    expect(der.contextPrimitive(2, hex('AA'))).toEqual(hex('8201AA'));
    expect(tlv(0x7f60, hex('01'))).toEqual(hex('7F600101'));
    expect(der.utcTime(new Date('2031-02-03T04:05:06.7Z'))).toEqual(
      hex('170D3331303230333034303530365A'),
    );
  });

  test('puts the elements of a set in order', () => {
    expect(der.set(hex('0401AA'), hex('020102'), hex('020101')))
      .toEqual(hex('3109 020101 020102 0401AA'));
  });

  test('what it writes is read back', () => {
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 600n), max: 2n ** 600n }), (value) => {
      expect(integer(parseTlv(der.integer(value)))).toBe(value);
    }));
    const arcs = fc.array(fc.bigInt({ min: 0n, max: 2n ** 70n }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), fc.nat(39), arcs, (root, second, rest) => {
        const dotted = [root, second, ...rest].join('.');
        expect(oid(parseTlv(der.oid(dotted)))).toBe(dotted);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      expect(text(parseTlv(der.utf8(value)))).toBe(value);
    }));
    const dates = fc.date({
      min: new Date('1950-01-01T00:00:00Z'),
      max: new Date('2049-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(dates, (date) => {
      date.setUTCMilliseconds(0);
      expect(time(parseTlv(der.utcTime(date)))).toEqual(date);
      expect(time(parseTlv(der.generalizedTime(date)))).toEqual(date);
    }));
    expect(boolean(parseTlv(der.boolean(false)))).toBe(false);
    expect(text(parseTlv(der.printable('CSCA 1')))).toBe('CSCA 1');
    expect(text(parseTlv(der.ia5('a@b')))).toBe('a@b');
  });

  test.each([
    ['oid', () => der.oid('1.40.1')],
    ['oid', () => der.oid('1')],
    ['oid', () => der.oid('3.1')],
    ['printable', () => der.printable('Ö')],
    ['ia5', () => der.ia5('Ö')],
    ['utcTime', () => der.utcTime(new Date('2050-01-01T00:00:00Z'))],
    ['utcTime', () => der.utcTime(new Date(Number.NaN))],
    ['generalizedTime', () => der.generalizedTime(new Date(Number.NaN))],
  ])('refuses a value outside %s', (_, write) => {
    expect(failure(write)[0]).toBe('ASN1_UNEXPECTED');
  });
});

describe('fields of a structure', () => {
  const structure = parseTlv(der.sequence(der.integer(1), der.oid('1.2.3'), der.nul()), {
    name: 'DG14',
  });

  test('are taken in order', () => {
    const list = fields(structure, 'Info');
    expect(integer(list.required('version'))).toBe(1n);
    expect(list.optional(TAG.null)).toBeUndefined();
    expect(oid(list.required('protocol', TAG.oid))).toBe('1.2.3');
    expect(list.optional(TAG.oid, TAG.null)?.tag).toBe(TAG.null);
    expect(list.optional()).toBeUndefined();
    expect(failure(() => list.end())).toEqual(['none', '']);
  });

  test('that are missing, different or too many are named', () => {
    const list = fields(structure, 'Info');
    expect(failure(() => list.required('protocol', TAG.oid))[1])
      .toBe('DG14: Info: protocol should have tag 06, found 02');
    expect(failure(() => list.end())[1]).toBe('DG14: Info has 3 fields too many');
    expect(list.rest().length).toBe(3);
    expect(failure(() => list.required('version'))[1]).toBe('DG14: Info has no version');
    expect(failure(() => fields(structure, 'Info', TAG.set))[0]).toBe('ASN1_UNEXPECTED');
  });

  test('an explicit tag holds one element', () => {
    expect(explicit(parseTlv(der.context(0, der.nul())), 'x').tag).toBe(TAG.null);
    expect(failure(() => explicit(parseTlv(der.context(0)), 'x'))[1])
      .toBe('input: x holds 0 elements instead of one');
  });
});
