import { describe, expect, test } from 'bun:test';
import { isText, parseTlv, text, time } from '../../../emrtd/asn1/mod.ts';
import { failure, hex } from './support.ts';

const read = (tag: string, value: string) => {
  const bytes = new TextEncoder().encode(value);
  return parseTlv(hex(tag + bytes.length.toString(16).padStart(2, '0') + bytes.toHex()));
};

describe('text', () => {
  test('reads every string type', () => {
    expect(text(read('0C', 'Österreich'))).toBe('Österreich');
    expect(text(read('13', 'AT'))).toBe('AT');
    expect(text(parseTlv(hex('1401D6')))).toBe('Ö');
    expect(text(parseTlv(hex('1E0400C40042')))).toBe('ÄB');
    expect(text(parseTlv(hex('1C040001F600')))).toBe('😀');
    expect(text(parseTlv(hex('800141')), 0x80)).toBe('A');
    expect(isText(read('04', 'x'))).toBe(false);
  });

  test('refuses what is not text', () => {
    expect(failure(() => text(parseTlv(hex('0C01FF'))))[0]).toBe('ASN1_MALFORMED');
    expect(failure(() => text(parseTlv(hex('1E0141'))))[0]).toBe('ASN1_MALFORMED');
    expect(failure(() => text(parseTlv(hex('1C0400110000'))))[0]).toBe('ASN1_MALFORMED');
    expect(failure(() => text(parseTlv(hex('040141'))))[0]).toBe('ASN1_UNEXPECTED');
  });
});

describe('time', () => {
  test('reads both forms, with the century of RFC 5280', () => {
    expect(time(read('17', '491231235959Z')).toISOString()).toBe('2049-12-31T23:59:59.000Z');
    expect(time(read('17', '500101000000Z')).toISOString()).toBe('1950-01-01T00:00:00.000Z');
    expect(time(read('18', '20240229120000Z')).toISOString()).toBe('2024-02-29T12:00:00.000Z');
    expect(time(read('18', '00990101000000Z')).getUTCFullYear()).toBe(99);
  });

  test.each([
    ['17', '2401010000Z'],
    ['17', '240101000000+0100'],
    ['17', '230229000000Z'],
    ['18', '20241301000000Z'],
    ['18', '20240101240000Z'],
    ['18', '20240101000060Z'],
    ['18', '20240101000000.5Z'],
  ])('refuses %s %s', (tag, value) => {
    expect(failure(() => time(read(tag, value)))[0]).toBe('ASN1_MALFORMED');
  });

  test('refuses another type', () => {
    expect(failure(() => time(read('13', '240101000000Z')))[0]).toBe('ASN1_UNEXPECTED');
  });
});
