/** The chip by itself: APDU lengths, access conditions, reading, chaining, the end of a session. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  bytesFile,
  type ChipDocument,
  FILE,
  groupFile,
  personalise,
  seededRandom,
  seededRsaKey,
  SoftwareChip,
} from '../../../emrtd/chip/mod.ts';
import { readCommand } from '../../../emrtd/chip/apdu.ts';
import { toHex } from '../../../emrtd/crypto/mod.ts';
import { send, specimen } from './support.ts';

const SELECT_APPLICATION = '00A4040C07A0000002471001';
const LARGE = new Uint8Array(70_000).map((_, i) => (i * 31) & 0xff);

/** A chip without access control and with one large file as DG2. */
function openChip(changes: Partial<ChipDocument> = {}): SoftwareChip {
  const document: ChipDocument = {
    mrzInformation: '',
    bac: false,
    pace: [],
    masterFiles: [bytesFile(FILE.dir, 'always', Uint8Array.of(0x61, 0x00))],
    applicationFiles: [
      bytesFile(groupFile(1), 'protected', Uint8Array.of(0x61, 0x03, 1, 2, 3)),
      bytesFile(groupFile(2), 'protected', LARGE),
      bytesFile(groupFile(3), 'extended', Uint8Array.of(0x63, 0x00)),
    ],
    chipAuthentication: [],
    extendedLength: 65535,
    ...changes,
  };
  return new SoftwareChip(document, { random: seededRandom('open') });
}

describe('command APDUs (ISO/IEC 7816-4 5.2)', () => {
  const parsed = (hex: string) => {
    const command = readCommand(Uint8Array.fromHex(hex));
    return command === undefined ? undefined : [toHex(command.data), command.ne, command.extended];
  };

  test('the seven cases', () => {
    expect(parsed('00A4000C')).toEqual(['', 0, false]);
    expect(parsed('00B0000000')).toEqual(['', 256, false]);
    expect(parsed('00B0000012')).toEqual(['', 18, false]);
    expect(parsed('00A4020C02011E')).toEqual(['011E', 0, false]);
    expect(parsed('0088000002AABB00')).toEqual(['AABB', 256, false]);
    expect(parsed('00B00000000000')).toEqual(['', 65536, true]);
    expect(parsed('00A4020C000002011E')).toEqual(['011E', 0, true]);
    expect(parsed('00880000000002AABB0100')).toEqual(['AABB', 256, true]);
  });

  test('lengths that do not fit', () => {
    for (
      const hex of [
        '',
        '00A400',
        '00A4020C03011E',
        '00A4020C02011E0000',
        '00A4020C0000',
        '00000000000000AA',
      ]
    ) {
      expect(parsed(hex)).toBeUndefined();
    }
  });

  test('any bytes get an answer with a status word, in any state', () => {
    const document = personalise(specimen({
      pace: [{ mapping: 'GM', parameterId: 12, cipher: 'AES-128' }],
      chipAuthentication: [{ parameterId: 12, cipher: 'AES-128' }],
    })).document;
    const ins = fc.constantFrom(0xa4, 0xb0, 0xb1, 0x84, 0x82, 0x88, 0x22, 0x86, 0xc0, 0x12);
    const command = fc.tuple(
      fc.constantFrom(0x00, 0x0c, 0x10, 0x1c, 0x80),
      ins,
      fc.constantFrom(0x00, 0x02, 0x04, 0x41, 0x80, 0x81, 0xc1),
      fc.constantFrom(0x00, 0x0c, 0xa4, 0xa6),
      fc.uint8Array({ maxLength: 40 }),
    ).map(([cla, code, p1, p2, body]) => Uint8Array.of(cla, code, p1, p2, ...body));
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        const chip = new SoftwareChip(document, { random: seededRandom('fuzz') });
        for (const one of commands) expect(chip.answer(one).length).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 300) },
    );
  }, 600_000);
});

describe('access conditions (9303-11 4.2, 4.4.2)', () => {
  test('a BAC chip lets the application be selected and nothing be read', async () => {
    const chip = new SoftwareChip(personalise(specimen()).document, { random: seededRandom('a') });
    expect(await send(chip, SELECT_APPLICATION)).toBe('9000');
    expect(await send(chip, '00A4020C02011E')).toBe('6982');
    expect(await send(chip, '00B09E0004')).toBe('6982');
    expect(await send(chip, '00A4020C020110')).toBe('6982');
    expect((await send(chip, '0084000008')).length).toBe(20);
  });

  test('a PACE chip hides the application and shows EF.CardAccess', async () => {
    const document = personalise(specimen({
      bac: false,
      pace: [{ mapping: 'CAM', parameterId: 13, cipher: 'AES-256' }],
    })).document;
    const chip = new SoftwareChip(document, { random: seededRandom('a') });
    expect(await send(chip, SELECT_APPLICATION)).toBe('6982');
    expect(await send(chip, '00B09C0000')).toMatch(/^31.*9000$/);
    expect(await send(chip, '00B09D0000')).toBe('6982');
    expect(await send(chip, '0084000008')).toBe('6985');
  });

  test('a wrong challenge, password or MAC opens nothing', async () => {
    const chip = new SoftwareChip(personalise(specimen()).document, { random: seededRandom('a') });
    await send(chip, SELECT_APPLICATION);
    expect(await send(chip, `0082000028${'00'.repeat(40)}28`)).toBe('6985');
    await send(chip, '0084000008');
    expect(await send(chip, `0082000028${'00'.repeat(40)}28`)).toBe('6300');
    expect(await send(chip, `0082000028${'00'.repeat(40)}28`)).toBe('6985');
    expect(await send(chip, '0CB09E000D9701048E08000000000000000000')).toBe('6987');
  });

  test('fingerprints stay closed even on an open chip', async () => {
    const chip = openChip();
    await send(chip, SELECT_APPLICATION);
    expect(await send(chip, '00B0810000')).toBe('61030102039000');
    expect(await send(chip, '00A4020C020103')).toBe('6982');
    expect(await send(chip, '00B0830004')).toBe('6982');
  });
});

describe('reading (9303-10 3.6.3)', () => {
  test('by short identifier, by offset, with warnings at the end', async () => {
    const chip = openChip();
    await send(chip, SELECT_APPLICATION);
    expect(await send(chip, '00B0820004')).toBe(`${toHex(LARGE.subarray(0, 4))}9000`);
    expect(await send(chip, '00B07FFF02')).toBe(`${toHex(LARGE.subarray(0x7fff, 0x8001))}9000`);
    expect(await send(chip, '00A4020C020101')).toBe('9000');
    expect(await send(chip, '00B000030A')).toBe('02036282');
    expect(await send(chip, '00B0000500')).toBe('6B00');
    expect(await send(chip, '00A4020C020110')).toBe('6A82');
    expect(await send(openChip(), '00B0000004')).toBe('6986');
  });

  test('beyond 32 KiB with INS B1', async () => {
    const chip = openChip();
    await send(chip, SELECT_APPLICATION);
    await send(chip, '00A4020C020102');
    expect(await send(chip, '00B10000055403008765000A')).toBe('6700');
    const at = (offset: string) => `00B100000554030${offset}0A`;
    expect(await send(chip, at('0ABCD'))).toBe(
      `5306${toHex(LARGE.subarray(0xabcd, 0xabcd + 6))}9000`,
    );
    expect(await send(chip, '00B1000202540006')).toBe('6A80');
    expect(await send(chip, '00B10002045402000006')).toBe(`5302${toHex(LARGE.subarray(0, 2))}9000`);
    expect(await send(chip, at('20000'))).toBe('6B00');
  });

  test('extended length only where the chip has it', async () => {
    const chip = openChip();
    await send(chip, SELECT_APPLICATION);
    const long = await chip.transceive(Uint8Array.fromHex('00B08200000400'));
    expect(long.length).toBe(1026);
    const { extendedLength: _, ...short } = { ...openDocument() };
    const other = new SoftwareChip(short, { random: seededRandom('s') });
    await send(other, SELECT_APPLICATION);
    expect(await send(other, '00B08200000400')).toBe('6700');
  });

  test('unknown commands and classes', async () => {
    expect(await send(openChip(), '00E0000000')).toBe('6D00');
    expect(await send(openChip(), '80A4000C')).toBe('6E00');
    expect(await send(openChip(), '00A4040C050102030405')).toBe('6A82');
    expect(await send(openChip(), '00C0000000')).toBe('6985');
  });
});

function openDocument(): ChipDocument {
  return {
    mrzInformation: '',
    bac: false,
    pace: [],
    masterFiles: [],
    applicationFiles: [bytesFile(groupFile(2), 'protected', LARGE)],
    chipAuthentication: [],
    extendedLength: 1000,
  };
}

describe('chaining (ISO/IEC 7816-4 5.3)', () => {
  const key = seededRsaKey(3072, seededRandom('chain'));
  const chip = () => openChip({ activeAuthentication: { kind: 'rsa', key, hash: 'SHA-256' } });

  test('a long answer comes in parts', async () => {
    const one = chip();
    const first = await send(one, '00880000080102030405060708' + '00');
    expect(first.length).toBe(2 * 256 + 4);
    expect(first.endsWith('6180')).toBe(true);
    const second = await send(one, '00C0000080');
    expect(second.length).toBe(2 * 128 + 4);
    expect(second.endsWith('9000')).toBe(true);
    expect(await send(one, '00C0000080')).toBe('6985');
  });

  test('a command comes in parts', async () => {
    const one = chip();
    expect(await send(one, '10880000040102030400')).toBe('9000');
    const answer = await one.transceive(Uint8Array.fromHex('0088000004050607080000'.slice(0, 20)));
    expect(toHex(answer.subarray(-2))).toBe('6180');
    expect(await send(one, '008800000405060708')).toBe('6700');
  });
});

describe('faults', () => {
  test('hang settles only when the caller gives up', async () => {
    const chip = new SoftwareChip(openDocument(), {
      random: seededRandom('h'),
      faults: ['hang'],
      faultAfter: 1,
    });
    expect(await send(chip, SELECT_APPLICATION)).toBe('9000');
    const controller = new AbortController();
    const answer = chip.transceive(new Uint8Array(4), controller.signal);
    controller.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });

  test('slow answers stop waiting when the caller gives up', async () => {
    const chip = new SoftwareChip(openDocument(), {
      random: seededRandom('h'),
      faults: ['slow'],
      delayMs: 3_600_000,
    });
    const controller = new AbortController();
    const answer = chip.transceive(new Uint8Array(4), controller.signal);
    controller.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });
});
