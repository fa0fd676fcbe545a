import { describe, expect, test } from 'bun:test';
import { findTag, isConstructed, parseTlv, readTlvs, tlv } from '../../../emrtd/asn1/mod.ts';
import { failure, hex } from './support.ts';

describe('TLV reader', () => {
  test('reads tags of one to four bytes as they are printed', () => {
    const list = readTlvs(hex('0100 5F0E01AA 7F600101'));
    expect(list.map((element) => element.tag)).toEqual([0x01, 0x5f0e, 0x7f60]);
    expect(list[1].value).toEqual(hex('AA'));
    expect(list[1].raw).toEqual(hex('5F0E01AA'));
    expect([list[1].start, list[1].header, list[1].end]).toEqual([2, 3, 6]);
    expect(parseTlv(hex('DF81820300')).tag).toBe(0xdf818203);
    expect(isConstructed(0x7f60)).toBe(true);
    expect(isConstructed(0x5f0e)).toBe(false);
  });

  test('reads long lengths', () => {
    const value = new Uint8Array(70000).fill(7);
    for (const length of [0, 127, 128, 255, 256, 65535, 65536, 70000]) {
      expect(parseTlv(tlv(0x04, value.subarray(0, length))).value.length).toBe(length);
    }
  });

  test('reads elements inside, and finds them by tag', () => {
    const outer = parseTlv(hex('3006 020105 0401FF'));
    expect(findTag(outer.children(), 0x04)?.value).toEqual(hex('FF'));
    expect(findTag(outer.children(), 0x05)).toBeUndefined();
    expect(outer.children()).toBe(outer.children());
  });

  test('reads indefinite lengths when BER is allowed', () => {
    const outer = parseTlv(hex('3080 24800401AA0401BB0000 020105 0000'), { ber: true });
    expect(outer.children().map((element) => element.tag)).toEqual([0x24, 0x02]);
    expect(outer.children()[0].children()[1].value).toEqual(hex('BB'));
    expect(outer.raw.length).toBe(outer.end);
  });

  test('works on a view into a larger buffer', () => {
    const buffer = hex('FFFF 020105 FFFF');
    expect(parseTlv(buffer.subarray(2, 5)).value).toEqual(hex('05'));
  });

  test.each([
    ['', 'EF.COM: element is missing at offset 0'],
    ['02', 'EF.COM: length is missing at offset 0'],
    ['5F', 'EF.COM: tag is truncated at offset 0'],
    ['5F8001', 'EF.COM: tag has a leading zero at offset 0'],
    ['5F8182838401', 'EF.COM: tag is too long at offset 0'],
    ['0000', 'EF.COM: tag 00 at offset 0'],
    ['0202FF', 'EF.COM: element 02 claims 2 bytes of 1 at offset 0'],
    ['0482', 'EF.COM: length is truncated at offset 0'],
    ['0484FFFFFFFF00', 'EF.COM: element 04 claims 4294967295 bytes of 1 at offset 0'],
    ['04850100000000', 'EF.COM: length is above 4 GiB at offset 0'],
    ['04FF00', 'EF.COM: length is truncated at offset 0'],
    ['04810500', 'EF.COM: length is not in its shortest form at offset 0'],
    ['0482008000', 'EF.COM: length is not in its shortest form at offset 0'],
    ['30800000', 'EF.COM: indefinite length is not DER at offset 0'],
    ['02010500', 'EF.COM: 1 bytes left over at offset 3'],
  ])('refuses %p', (bytes, message) => {
    expect(failure(() => parseTlv(hex(bytes), { name: 'EF.COM' })))
      .toEqual(['ASN1_MALFORMED', message]);
  });

  test.each([
    ['3080 020105', 'input: element is missing at offset 5'],
    ['3080 020105 00', 'input: tag 00 at offset 5'],
    ['0480 0000', 'input: indefinite length on a primitive at offset 0'],
    ['3080 0405AA 0000', 'input: element runs past the end at offset 2'],
  ])('refuses %p even as BER', (bytes, message) => {
    expect(failure(() => parseTlv(hex(bytes), { ber: true }))).toEqual(['ASN1_MALFORMED', message]);
  });

  test('refuses an element that runs past the one around it', () => {
    expect(failure(() => parseTlv(hex('3003 0402AA')).children()))
      .toEqual(['ASN1_MALFORMED', 'input: element 04 claims 2 bytes of 1 at offset 2']);
  });

  test('ignores what follows when asked to', () => {
    expect(parseTlv(hex('020105 FFFF'), { allowTrailing: true }).end).toBe(3);
  });

  test('has nothing inside a primitive', () => {
    expect(failure(() => parseTlv(hex('040102')).children())[0]).toBe('ASN1_UNEXPECTED');
  });

  test('stops at the depth limit, however the nesting is written', () => {
    let definite: Uint8Array = new Uint8Array(0);
    for (let i = 0; i < 40; i++) definite = tlv(0x30, definite);
    const walk = (element: ReturnType<typeof parseTlv>): void => element.children().forEach(walk);
    expect(failure(() => walk(parseTlv(definite)))[0]).toBe('ASN1_LIMIT');
    const indefinite = hex('3080'.repeat(100_000));
    expect(failure(() => parseTlv(indefinite, { ber: true }))[0]).toBe('ASN1_LIMIT');
    expect(failure(() => walk(parseTlv(definite, { maxDepth: 40 })))).toEqual(['none', '']);
  });

  test('counts what it passes to find the end of an indefinite length', () => {
    const bytes = hex(`3080${'0500'.repeat(50)}0000`);
    expect(failure(() => parseTlv(bytes, { ber: true, maxNodes: 50 }))[0]).toBe('ASN1_LIMIT');
    const read = parseTlv(bytes, { ber: true, maxNodes: 101 });
    expect(read.children().length).toBe(50);
  });

  test('stops at the limit of elements', () => {
    const many = tlv(0x30, hex('0500'.repeat(50)));
    expect(failure(() => parseTlv(many, { maxNodes: 50 }).children())[0]).toBe('ASN1_LIMIT');
    expect(parseTlv(many, { maxNodes: 51 }).children().length).toBe(50);
  });
});
