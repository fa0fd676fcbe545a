import { describe, expect, test } from 'bun:test';
import { tlv } from '../../../emrtd/asn1/mod.ts';
import type { EmrtdError } from '../../../emrtd/errors.ts';
import {
  dataGroupFile,
  parseAtrInfo,
  parseCommand,
  parseDir,
  readAtrInfo,
  readDir,
  readFile,
  selectApplication,
  selectMasterFile,
  Session,
  type SessionOptions,
} from '../../../emrtd/iso7816/mod.ts';
import { largestArray } from '../support/asked-arrays.ts';
import { chip, hex, toHex } from './scripted-chip.ts';

const DG2 = dataGroupFile(2);

interface Quirks {
  /** Status word for a read longer than `most`. */
  refusal?: string;
  most?: number;
  /** Bytes given per read at most. */
  drip?: number;
  /** Where the file really ends. */
  end?: number;
}

function sw(data: Uint8Array, word: string): string {
  return toHex(data) + word;
}

/** A chip with one file, read by SELECT, by short identifier, and with INS B1. */
function fileChip(file: Uint8Array, quirks: Quirks = {}) {
  const { refusal, most = 65536, drip = 65536, end = file.length } = quirks;
  return chip((bytes) => {
    const { ins, p1, p2, data, le = 0 } = parseCommand(bytes);
    if (ins === 0xa4) return '9000';
    let offset = p1 * 256 + p2;
    if (ins === 0xb0 && p1 >= 0x80) offset = p2;
    if (ins === 0xb1 && data !== undefined) {
      offset = data.subarray(2).reduce((sum, byte) => sum * 256 + byte, 0);
    }
    if (refusal !== undefined && le > most) return refusal;
    if (offset >= end) return '6B00';
    const length = Math.min(ins === 0xb1 ? le - 4 : le, drip, end - offset);
    const block = file.subarray(offset, offset + length);
    const word = offset + le > end ? '6282' : '9000';
    return sw(ins === 0xb1 ? tlv(0x53, block) : block, word);
  });
}

function fileOf(length: number): Uint8Array {
  return tlv(0x75, new Uint8Array(length).map((_, i) => (i * 31 + (i >> 8)) & 0xff));
}

const read = (file: Uint8Array, quirks: Quirks = {}, options: Partial<SessionOptions> = {}) => {
  const transceiver = fileChip(file, quirks);
  return readFile(new Session({ transceiver, ...options }), DG2);
};

const failure = (promise: Promise<unknown>): Promise<EmrtdError> =>
  promise.then(() => {
    throw new Error('did not fail');
  }, (error) => error);

describe('reading a file', () => {
  test.each([0, 1, 2, 127, 128, 251, 252, 253, 255, 256, 5000])('of %d bytes', async (length) => {
    expect(await read(fileOf(length))).toEqual(fileOf(length));
  });

  test('asks for the head, then for exactly the rest', async () => {
    const transceiver = fileChip(fileOf(300));
    await readFile(new Session({ transceiver }), DG2);
    expect(transceiver.commands).toEqual([
      '00A4020C020102',
      '00B0000004',
      '00B0000400',
      '00B001042C',
    ]);
  });

  test('by short file identifier', async () => {
    const transceiver = fileChip(fileOf(300));
    expect(await readFile(new Session({ transceiver }), DG2, 'sfi')).toEqual(fileOf(300));
    expect(transceiver.commands[0]).toBe('00B0820004');
    expect(transceiver.commands.some((command) => command.startsWith('00A4'))).toBe(false);
  });

  test('beyond 32 KiB with INS B1 and an offset object', async () => {
    const file = fileOf(70_000);
    const transceiver = fileChip(file);
    expect(await readFile(new Session({ transceiver }), DG2)).toEqual(file);
    const odd = transceiver.commands.filter((command) => command.startsWith('00B1'));
    expect(odd[0]).toMatch(/^00B10000045402[89]/);
    expect(odd.at(-1)).toMatch(/^00B1000005540301/);
  });

  test('with extended length in long blocks', async () => {
    const file = fileOf(5000);
    const transceiver = fileChip(file);
    const session = new Session({ transceiver, extendedLength: true, maxResponseBytes: 2050 });
    expect(await readFile(session, DG2)).toEqual(file);
    expect(transceiver.commands.length).toBe(5);
  });

  test.each([
    ['6B00', 230],
    ['6700', 230],
    ['6282', 230],
    ['6CE0', 224],
    ['6B00', 160],
    ['6700', 96],
  ])('refused with %s above %d bytes goes on in shorter blocks', async (refusal, most) => {
    expect(await read(fileOf(3000), { refusal, most })).toEqual(fileOf(3000));
  });

  test('in small drops is put together', async () => {
    expect(await read(fileOf(200), { drip: 3 })).toEqual(fileOf(200));
  });
});

describe('a file that lies', () => {
  test('states 4 GiB: refused at once, nothing is allocated', async () => {
    const largest = await largestArray(async () => {
      for (const head of ['7584FFFFFFFF', '7583FFFFFF', '758400400001']) {
        const transceiver = fileChip(hex(`${head}0000`));
        const error = await failure(readFile(new Session({ transceiver }), DG2));
        expect(error.code).toBe('LIMIT_EXCEEDED');
        expect(error.message).toContain('EF.DG2');
        expect(transceiver.commands.length).toBeLessThanOrEqual(3);
      }
    });
    expect(largest).toBeLessThanOrEqual(256);
  });

  test('keeps to the limit given', async () => {
    expect((await failure(read(fileOf(2000), {}, { limits: { maxFileBytes: 2003 } }))).code).toBe(
      'LIMIT_EXCEEDED',
    );
    expect(await read(fileOf(2000), {}, { limits: { maxFileBytes: 2004 } })).toEqual(fileOf(2000));
  });

  test('ends before its stated length', async () => {
    for (const end of [3, 4, 5, 100, 2000]) {
      const error = await failure(read(fileOf(3000), { end }));
      expect(error.code).toBe('FILE_TRUNCATED');
    }
  });

  test('gives one byte for ever: ends at the limit of APDUs', async () => {
    const options = { limits: { maxApdus: 100 } };
    expect((await failure(read(fileOf(3000), { drip: 1 }, options))).code).toBe('LIMIT_EXCEEDED');
  });

  test('gives nothing with 9000', async () => {
    const transceiver = chip(() => '9000');
    const error = await failure(readFile(new Session({ transceiver }), DG2));
    expect(error.code).toBe('FILE_TRUNCATED');
    expect(transceiver.commands.length).toBe(2);
  });

  test('gives more than was asked for: the rest is ignored', async () => {
    const file = fileOf(20);
    const transceiver = chip((bytes) => {
      const { ins, p2 } = parseCommand(bytes);
      return ins === 0xa4 ? '9000' : sw(file.subarray(p2), '9000');
    });
    expect(await readFile(new Session({ transceiver }), DG2)).toEqual(file);
  });

  test.each(['0000000000', 'FFFFFFFFFF', '7F61058000', '7580000000', '7585010101010101'])(
    'begins with %s, which is no file',
    async (bytes) => {
      expect((await failure(read(hex(`${bytes}00000000`)))).code).toBe('RESPONSE_MALFORMED');
    },
  );

  test('answers INS B1 without DO53', async () => {
    const file = fileOf(40_000);
    const transceiver = chip((bytes) => {
      const { ins, p1, p2, le = 0 } = parseCommand(bytes);
      if (ins === 0xa4) return '9000';
      if (ins === 0xb1) return '810201029000';
      const offset = p1 * 256 + p2;
      return sw(file.subarray(offset, offset + le), '9000');
    });
    const error = await failure(readFile(new Session({ transceiver }), DG2));
    expect(error.code).toBe('RESPONSE_MALFORMED');
  });
});

describe('selecting', () => {
  test('a file that is absent or refused', async () => {
    const of = (word: string) =>
      failure(readFile(new Session({ transceiver: chip(() => word) }), DG2));
    expect(await of('6A82')).toMatchObject({ code: 'FILE_NOT_FOUND', statusWord: 0x6a82 });
    expect(await of('6982')).toMatchObject({ code: 'STATUS_WORD', statusWord: 0x6982 });
  });

  test('the master file never fails, whatever the chip says', async () => {
    for (const word of ['9000', '6A82', '6A86', '6985', '6E00']) {
      const transceiver = chip(() => word);
      await selectMasterFile(new Session({ transceiver }));
      const expected = word === '9000' ? ['00A4000C023F00'] : ['00A4000C023F00', '00A4000C'];
      expect(transceiver.commands).toEqual(expected);
    }
  });

  test('the application has no Le', async () => {
    const transceiver = chip(() => '9000');
    await selectApplication(new Session({ transceiver }));
    expect(transceiver.commands).toEqual(['00A4040C07A0000002471001']);
  });
});

describe('EF.ATR/INFO', () => {
  test('lengths and capabilities', () => {
    expect(parseAtrInfo(hex('4703F4FF_C0'.replace('_', '')))).toEqual({
      extendedLength: true,
      commandChaining: true,
    });
    expect(parseAtrInfo(hex('7F66080202040002020800'))).toEqual({
      maxCommandBytes: 1024,
      maxResponseBytes: 2048,
    });
  });

  test('what is broken, filled up or absent counts as absent', () => {
    for (const bytes of ['', '00000000', 'FFFF', '7F66', '7F6604020204', '470100', '7F66020500']) {
      expect(parseAtrInfo(hex(bytes))).toEqual({});
    }
    expect(parseAtrInfo(hex('7F660802020400020208000000FF')).maxResponseBytes).toBe(2048);
  });

  test('is read to its end', async () => {
    const file = hex('470300004043011F7F660C02040000FFFF02040000FFFE');
    const session = new Session({ transceiver: fileChip(file) });
    expect(await readAtrInfo(session)).toMatchObject({
      extendedLength: true,
      maxCommandBytes: 65535,
      maxResponseBytes: 65534,
    });
  });
});

describe('EF.DIR', () => {
  const file = hex('61094F07A000000247100161094F07A000000247200161025000');

  test('several templates, those without an identifier left out', () => {
    expect(parseDir(file).map(toHex)).toEqual(['A0000002471001', 'A0000002472001']);
    expect(parseDir(hex('610400'))).toEqual([]);
  });

  test('is read to its end', async () => {
    const session = new Session({ transceiver: fileChip(file) });
    expect((await readDir(session)).length).toBe(2);
  });
});
