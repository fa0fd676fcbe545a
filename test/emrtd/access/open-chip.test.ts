import { describe, expect, test } from 'bun:test';
import { der } from '../../../emrtd/asn1/mod.ts';
import { canPassword, mrzPassword, openChip } from '../../../emrtd/access/mod.ts';
import { parseCommand, Session } from '../../../emrtd/iso7816/mod.ts';
import { chip, hex, toHex } from '../iso7816/scripted-chip.ts';

const MRZ = mrzPassword({ documentNumber: 'X', dateOfBirth: '700101', dateOfExpiry: '300101' });
const CAN = canPassword('123456');
const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);

const PACE_INFOS = [12, 13, 15, 16, 18].map((id) =>
  der.sequence(der.oid('0.4.0.127.0.7.2.2.4.2.2'), der.integer(2), der.integer(id))
);

interface Answers {
  cardAccess?: Uint8Array;
  dir?: Uint8Array;
  select?: string;
  mse?: string;
  challenge?: string;
}

/** A chip with the files of its master file and words for the rest. */
function document({ cardAccess, dir, select = '9000', mse = '6A80', challenge = '6D00' }: Answers) {
  let file: Uint8Array | undefined;
  return chip((bytes) => {
    const { ins, p1, p2, data, le = 0 } = parseCommand(bytes);
    if (ins === 0xa4 && p1 === 0x04) return select;
    if (ins === 0xa4 && p1 === 0x02) {
      const name = toHex(data ?? new Uint8Array(0));
      file = name === '011C' ? cardAccess : name === '2F00' ? dir : undefined;
      return file === undefined ? '6A82' : '9000';
    }
    if (ins === 0xb0 && file !== undefined) {
      const offset = p1 * 256 + p2;
      const word = offset + le > file.length ? '6282' : '9000';
      return toHex(file.subarray(offset, offset + le)) + word;
    }
    return ins === 0x22 ? mse : ins === 0x84 ? challenge : '9000';
  });
}

async function failure(answers: Answers, password = MRZ) {
  const transceiver = document(answers);
  const error = await openChip(new Session({ transceiver }), password, random).then(() => {
    throw new Error('did not fail');
  }, (error) => error);
  const count = (prefix: string): number =>
    transceiver.commands.filter((command) => command.startsWith(prefix)).length;
  return { error, count };
}

describe('opening a chip', () => {
  test('a CAN is for PACE only', async () => {
    const { error } = await failure({}, CAN);
    expect(error.code).toBe('ACCESS_UNSUPPORTED');
    expect(error.message).toContain('CAN');
  });

  test('an identity card without the eMRTD application', async () => {
    const dir = hex('61094F07E80704007F000761094F07A0000001670100');
    const { error } = await failure({ select: '6A82', dir });
    expect(error).toMatchObject({ code: 'ACCESS_UNSUPPORTED', statusWord: 0x6a82 });
    expect(error.message).toContain('2 applications');
  });

  test('PACE refused is tried with three entries, then BAC', async () => {
    const { error, count } = await failure({ cardAccess: der.set(...PACE_INFOS) });
    expect(count('0022C1A4')).toBe(6);
    expect(count('0084')).toBe(1);
    expect(error).toMatchObject({ code: 'ACCESS_FAILED', step: 'BAC 1' });
  });

  test('PACE refused with a CAN ends there', async () => {
    const { error, count } = await failure({ cardAccess: der.set(...PACE_INFOS) }, CAN);
    expect(error).toMatchObject({ code: 'ACCESS_UNSUPPORTED', step: 'PACE MSE' });
    expect(count('0084')).toBe(0);
  });

  test('a blocked password is tried with nothing else', async () => {
    const { error, count } = await failure({
      cardAccess: der.set(...PACE_INFOS),
      mse: '6983',
    });
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', step: 'PACE MSE' });
    expect(count('0022')).toBe(1);
    expect(count('0084')).toBe(0);
  });

  describe.each(['3000', '3100', '310030', '3180', '31820FFF', '00000000', 'FFFFFFFF'])(
    'EF.CardAccess with %s',
    (bytes) => {
      test('is no reason not to try BAC', async () => {
        const { error, count } = await failure({ cardAccess: hex(bytes) });
        expect(error).toMatchObject({ code: 'ACCESS_FAILED', step: 'BAC 1' });
        expect(count('0084')).toBe(1);
      });

      test('is the reason why a CAN cannot be used', async () => {
        const { error, count } = await failure({ cardAccess: hex(bytes) }, CAN);
        expect(error).toMatchObject({ code: 'ACCESS_FAILED', step: 'EF.CardAccess' });
        expect(count('0084')).toBe(0);
      });
    },
  );
});
