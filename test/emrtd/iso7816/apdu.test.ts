import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  encodeCommand,
  isWrongPassword,
  parseCommand,
  parseResponse,
  statusName,
} from '../../../emrtd/iso7816/mod.ts';
import { hex, toHex } from './scripted-chip.ts';

const header = { cla: 0x00, ins: 0xb0, p1: 0x01, p2: 0x02 };

describe('command APDUs (ISO/IEC 7816-4 5.2)', () => {
  test.each([
    ['case 1', {}, '00B00102'],
    ['case 2 short', { le: 4 }, '00B0010204'],
    ['case 2 short, 256', { le: 256 }, '00B0010200'],
    ['case 2 extended', { le: 257 }, '00B00102000101'],
    ['case 2 extended, 65536', { le: 65536 }, '00B00102000000'],
    ['case 3 short', { data: hex('AABB') }, '00B0010202AABB'],
    ['case 4 short', { data: hex('AABB'), le: 256 }, '00B0010202AABB00'],
    ['case 4 extended by Le', { data: hex('AABB'), le: 1000 }, '00B00102000002AABB03E8'],
    ['empty data is no data', { data: new Uint8Array(0), le: 1 }, '00B0010201'],
  ])('%s', (_, rest, expected) => {
    expect(toHex(encodeCommand({ ...header, ...rest }))).toBe(expected);
  });

  test('extended length when asked for, and by itself from 256 data bytes', () => {
    const extended = encodeCommand({ ...header, data: hex('AA'), le: 256 }, { extended: true });
    expect(toHex(extended)).toBe('00B00102000001AA0100');
    const long = encodeCommand({ ...header, data: new Uint8Array(256) });
    expect(long.length).toBe(4 + 3 + 256);
    expect(toHex(long.subarray(4, 7))).toBe('000100');
    expect(encodeCommand({ ...header, data: new Uint8Array(255) }).length).toBe(4 + 1 + 255);
  });

  test.each([
    ['Le 0', { le: 0 }],
    ['Le 65537', { le: 65537 }],
    ['Le 1.5', { le: 1.5 }],
    ['data of 65536 bytes', { data: new Uint8Array(65536) }],
    ['INS 256', { ins: 256 }],
    ['CLA -1', { cla: -1 }],
  ])('refuses %s', (_, rest) => {
    expect(() => encodeCommand({ ...header, ...rest })).toThrow(
      expect.objectContaining({ code: 'APDU_INVALID' }),
    );
  });

  test('every command reads back as it was written', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const command = fc.record({
      cla: byte,
      ins: byte,
      p1: byte,
      p2: byte,
      data: fc.option(fc.uint8Array({ minLength: 1, maxLength: 300 }), { nil: undefined }),
      le: fc.option(fc.integer({ min: 1, max: 65536 }), { nil: undefined }),
    });
    fc.assert(fc.property(command, (given) => {
      const { extended: _, ...read } = parseCommand(encodeCommand(given));
      expect({ data: undefined, le: undefined, ...read }).toEqual({ ...given });
    }));
  });

  test('any bytes are a command or a typed error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        const { extended, ...command } = parseCommand(bytes);
        expect(toHex(encodeCommand(command, { extended }))).toBe(toHex(bytes));
      } catch (error) {
        expect(error).toMatchObject({ code: 'APDU_INVALID' });
      }
    }));
  });
});

describe('response APDUs (ISO/IEC 7816-4 5.3)', () => {
  test('data and status word', () => {
    expect(parseResponse(hex('01026A82'))).toEqual({ data: hex('0102'), sw: 0x6a82 });
    expect(parseResponse(hex('9000'))).toEqual({ data: hex(''), sw: 0x9000 });
  });

  test.each(['', '90', '0000', '8000', '6000', 'FFFF', '01A000'])('refuses %p', (bytes) => {
    expect(() => parseResponse(hex(bytes))).toThrow(
      expect.objectContaining({ code: 'RESPONSE_MALFORMED' }),
    );
  });

  test('refuses more than 65536 data bytes', () => {
    const most = new Uint8Array(65538).fill(0x90);
    expect(parseResponse(most).data.length).toBe(65536);
    expect(() => parseResponse(new Uint8Array(65539).fill(0x90))).toThrow(
      expect.objectContaining({ code: 'RESPONSE_MALFORMED' }),
    );
  });

  test('status words have names', () => {
    expect(statusName(0x9000)).toBe('9000 success');
    expect(statusName(0x6a82)).toBe('6A82 file or application not found');
    expect(statusName(0x6110)).toBe('6110 16 more bytes available');
    expect(statusName(0x6cff)).toBe('6CFF wrong Le, 255 would be right');
    expect(statusName(0x63c2)).toBe('63C2 authentication failed, 2 tries left');
    expect(statusName(0x9abc)).toBe('9ABC');
    expect([0x6300, 0x63c0, 0x63cf, 0x6982, 0x6310].map(isWrongPassword)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
