import { describe, expect, test } from 'bun:test';
import {
  bitString,
  bitStringBytes,
  boolean,
  expectTag,
  integer,
  nul,
  octetString,
  oid,
  parseTlv,
  smallInteger,
  TAG,
  unsigned,
} from '../../../emrtd/asn1/mod.ts';
import { failure, hex } from './support.ts';

const read = (bytes: string, ber = false) => parseTlv(hex(bytes), { name: 'DG14', ber });

describe('typed values', () => {
  test('INTEGER', () => {
    expect(integer(read('020100'))).toBe(0n);
    expect(integer(read('02020080'))).toBe(128n);
    expect(integer(read('0201FF'))).toBe(-1n);
    expect(integer(read('02028000'))).toBe(-32768n);
    expect(unsigned(read('02021234'))).toBe(0x1234n);
    expect(smallInteger(read('02047FFFFFFF'))).toBe(0x7fffffff);
    expect(integer(read('0A0103'), TAG.enumerated)).toBe(3n);
  });

  test.each([
    ['0200', 'ASN1_MALFORMED', 'DG14: INTEGER is empty at offset 0'],
    ['02020001', 'ASN1_MALFORMED', 'DG14: INTEGER is not in its shortest form at offset 0'],
    ['0202FF80', 'ASN1_MALFORMED', 'DG14: INTEGER is not in its shortest form at offset 0'],
    ['040101', 'ASN1_UNEXPECTED', 'DG14: INTEGER should have tag 02, found tag 04 at offset 0'],
    [`02820802${'7F'.repeat(2050)}`, 'ASN1_LIMIT', 'DG14: INTEGER of 2050 bytes'],
  ])('refuses the INTEGER %p', (bytes, code, message) => {
    expect(failure(() => integer(read(bytes)))).toEqual([code, message]);
  });

  test('refuses negative and large numbers where they have no sense', () => {
    expect(failure(() => unsigned(read('0201FF')))[0]).toBe('ASN1_MALFORMED');
    expect(failure(() => smallInteger(read('02050080000000')))[0]).toBe('ASN1_LIMIT');
  });

  test('OBJECT IDENTIFIER', () => {
    expect(oid(read('060604007F000702'))).toBe('0.4.0.127.0.7.2');
    expect(oid(read('06032A8648'))).toBe('1.2.840');
    expect(oid(read('0603883703'))).toBe('2.999.3');
  });

  test.each([
    ['0600', 'DG14: OBJECT IDENTIFIER is empty at offset 0'],
    ['06022A86', 'DG14: OBJECT IDENTIFIER is truncated at offset 0'],
    ['06032A8001', 'DG14: OID arc has a leading zero at offset 0'],
  ])('refuses the OBJECT IDENTIFIER %p', (bytes, message) => {
    expect(failure(() => oid(read(bytes)))).toEqual(['ASN1_MALFORMED', message]);
  });

  test('BOOLEAN and NULL', () => {
    expect(boolean(read('0101FF'))).toBe(true);
    expect(boolean(read('010100'))).toBe(false);
    expect(boolean(read('010101', true))).toBe(true);
    expect(failure(() => boolean(read('010101')))[0]).toBe('ASN1_MALFORMED');
    expect(failure(() => nul(read('0500')))[0]).toBe('none');
    expect(failure(() => nul(read('050100')))[0]).toBe('ASN1_MALFORMED');
  });

  test('OCTET STRING, in pieces only as BER', () => {
    expect(octetString(read('0402AABB'))).toEqual(hex('AABB'));
    expect(octetString(read('24800401AA24030401BB0000', true))).toEqual(hex('AABB'));
    expect(failure(() => octetString(read('24030401AA')))[0]).toBe('ASN1_UNEXPECTED');
    expect(octetString(read('8002AABB'), 0x80)).toEqual(hex('AABB'));
  });

  test('BIT STRING', () => {
    expect(bitString(read('030204F0'))).toEqual({ bytes: hex('F0'), unusedBits: 4 });
    expect(bitStringBytes(read('030300AABB'))).toEqual(hex('AABB'));
    for (const bad of ['0300', '03020801', '030101', '030204F1']) {
      expect(failure(() => bitString(read(bad)))[0]).toBe('ASN1_MALFORMED');
    }
    expect(failure(() => bitStringBytes(read('030204F0')))[0]).toBe('ASN1_MALFORMED');
  });

  test('an expected tag names the field', () => {
    expect(failure(() => expectTag(read('0500'), 0x30, 'SecurityInfos'))[1])
      .toBe('DG14: SecurityInfos should have tag 30, found tag 05 at offset 0');
  });
});
