/** The machine readable zone: the specimens of 9303-4, -5, -6 and 9303-11 D.2, check digits one by one. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { writeMrz } from '../../../emrtd/chip/holder.ts';
import { mrzCheckDigit, parseMrz } from '../../../emrtd/lds/mod.ts';
import type { Mrz } from '../../../emrtd/lds/mod.ts';

const TD3 = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<' +
  'L898902C36UTO7408122F1204159ZE184226B<<<<<10';
const TD1 = 'I<UTOD231458907<<<<<<<<<<<<<<<' + '7408122F1204159UTO<<<<<<<<<<<6' +
  'ERIKSSON<<ANNA<MARIA<<<<<<<<<<';
const TD2 = 'I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<' + 'D231458907UTO7408122F1204159<<<<<<<6';
const TD1_LONG = 'I<UTOD23145890<7349<<<<<<<<<<<' + '3407127M9507122UTO<<<<<<<<<<<2' +
  'STEVENSON<<PETER<JOHN<<<<<<<<<';
const TD2_LONG = 'I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<' + 'D23145890<UTO3407127M95071227349<<<8';

function parsed(zone: string): Mrz {
  const mrz = parseMrz(zone);
  if (mrz === undefined) throw new Error('no zone');
  return mrz;
}

function replaced(zone: string, at: number, character: string): string {
  return zone.slice(0, at) + character + zone.slice(at + 1);
}

function failing(mrz: Mrz): string[] {
  return mrz.checks.filter(({ status }) => status === 'failed').map(({ check }) => check);
}

describe('machine readable zone', () => {
  test('check digits of 9303-3 4.9', () => {
    expect(mrzCheckDigit('520727')).toBe(3);
    expect(mrzCheckDigit('D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<')).toBe(2);
    expect(mrzCheckDigit('L898902C3')).toBe(6);
    expect(mrzCheckDigit('é')).toBeUndefined();
  });

  test('passport of 9303-4', () => {
    expect(parsed(TD3)).toMatchObject({
      format: 'TD3',
      documentCode: 'P',
      issuingState: 'UTO',
      documentNumber: 'L898902C3',
      nationality: 'UTO',
      dateOfBirth: { text: '740812', yearOfCentury: 74, month: 8, day: 12, valid: true },
      sex: 'FEMALE',
      dateOfExpiry: { text: '120415', valid: true },
      primaryIdentifier: 'ERIKSSON',
      secondaryIdentifier: ['ANNA', 'MARIA'],
      nameMayBeTruncated: false,
      optionalData1: 'ZE184226B',
      optionalData2: null,
    });
    expect(parsed(TD3).checks.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'document-number passed',
      'date-of-birth passed',
      'date-of-expiry passed',
      'optional-data passed',
      'composite passed',
    ]);
  });

  test('cards of 9303-5 and 9303-6', () => {
    for (const zone of [TD1, TD2]) {
      const mrz = parsed(zone);
      expect(mrz.documentNumber).toBe('D23145890');
      expect(mrz.primaryIdentifier).toBe('ERIKSSON');
      expect(failing(mrz)).toEqual([]);
      expect(mrz.checks).toHaveLength(4);
    }
    expect(parsed(TD1).lines).toHaveLength(3);
    expect(parsed(TD1).optionalData2).toBe('');
    expect(parsed(TD2).optionalData2).toBeNull();
  });

  test('document numbers that run on in the optional data (9303-11 D.2)', () => {
    for (const zone of [TD1_LONG, TD2_LONG]) {
      const mrz = parsed(zone);
      expect(mrz.documentNumber).toBe('D23145890734');
      expect(mrz.optionalData1).toBe('');
      expect(failing(mrz)).toEqual([]);
    }
  });

  test('optional data stays after a long document number', () => {
    const zone = writeMrz({
      format: 'TD1',
      documentCode: 'ID',
      issuingState: 'BEL',
      documentNumber: '590123456789',
      nationality: 'BEL',
      dateOfBirth: '850101',
      sex: 'M',
      dateOfExpiry: '310101',
      primaryIdentifier: 'PEETERS',
      secondaryIdentifier: 'JAN',
      optionalData: '8501010',
    });
    expect(parsed(zone)).toMatchObject({
      documentNumber: '590123456789',
      optionalData1: '8501010',
    });
    expect(failing(parsed(zone))).toEqual([]);
  });

  test('a filler for the check digit without a number that runs on fails that check', () => {
    const mrz = parsed(replaced(TD1, 14, '<'));
    expect(mrz.documentNumber).toBe('D23145890');
    expect(failing(mrz)).toContain('document-number');
  });

  test('each wrong check digit is named alone or with the composite', () => {
    expect(failing(parsed(replaced(TD3, 53, '5')))).toEqual(['document-number', 'composite']);
    expect(failing(parsed(replaced(TD3, 63, '3')))).toEqual(['date-of-birth', 'composite']);
    expect(failing(parsed(replaced(TD3, 71, '8')))).toEqual(['date-of-expiry', 'composite']);
    expect(failing(parsed(replaced(TD3, 86, '2')))).toEqual(['optional-data', 'composite']);
    expect(failing(parsed(replaced(TD3, 87, '1')))).toEqual(['composite']);
  });

  test('an unused personal number may have a filler for its check digit', () => {
    const unused = TD3.slice(0, 72) + '<'.repeat(14) + '<' + TD3.slice(87);
    const check = parsed(unused).checks.find((one) => one.check === 'optional-data');
    expect(check?.status).toBe('skipped');
    const zero = TD3.slice(0, 72) + '<'.repeat(14) + '0' + TD3.slice(87);
    expect(parsed(zero).checks.find((one) => one.check === 'optional-data')?.status).toBe('passed');
  });

  test('unknown parts of a date of birth, impossible dates, sex', () => {
    const unknown = parsed(TD3.slice(0, 57) + '74<<<<' + TD3.slice(63)).dateOfBirth;
    expect(unknown).toEqual({
      text: '74<<<<',
      yearOfCentury: 74,
      month: null,
      day: null,
      valid: true,
    });
    expect(parsed(TD3.slice(0, 57) + '740231' + TD3.slice(63)).dateOfBirth.valid).toBe(false);
    expect(parsed(TD3.slice(0, 57) + '74AA12' + TD3.slice(63)).dateOfBirth.valid).toBe(false);
    expect(parsed(replaced(TD3, 64, '<')).sex).toBe('UNSPECIFIED');
    expect(parsed(replaced(TD3, 64, 'X')).sex).toBeNull();
  });

  test('names: none secondary, truncated', () => {
    const single = parsed(TD3.slice(0, 5) + 'ARKFREITH'.padEnd(39, '<') + TD3.slice(44));
    expect(single.primaryIdentifier).toBe('ARKFREITH');
    expect(single.secondaryIdentifier).toEqual([]);
    const long = `NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<KRASUANG`.slice(0, 39);
    const cut = parsed(TD3.slice(0, 5) + long + TD3.slice(44));
    expect(cut.nameMayBeTruncated).toBe(true);
    expect(cut.secondaryIdentifier).toEqual(['CHAYAPA', 'DEJTHAMRONG', 'K']);
  });

  test('a length of no document is no zone', () => {
    expect(parseMrz(TD3.slice(1))).toBeUndefined();
    expect(parseMrz('')).toBeUndefined();
  });

  test('what the chip writes comes back, all checks passed', () => {
    const letters = (min: number, max: number) =>
      fc.stringMatching(new RegExp(`^[A-Z0-9]{${min},${max}}$`));
    const date = fc.tuple(
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 28 }),
    ).map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(''));
    fc.assert(fc.property(
      fc.constantFrom('TD1', 'TD2', 'TD3'),
      letters(1, 12),
      date,
      date,
      letters(1, 12),
      letters(0, 10),
      letters(0, 4),
      (format, number, dateOfBirth, dateOfExpiry, primary, secondary, optionalData) => {
        const longest = format === 'TD3' ? 9 : format === 'TD2' ? 11 : 12;
        const documentNumber = number.slice(0, longest);
        const mrz = parsed(writeMrz({
          format,
          documentCode: 'P',
          issuingState: 'UTO',
          documentNumber,
          nationality: 'D',
          dateOfBirth,
          sex: 'M',
          dateOfExpiry,
          primaryIdentifier: primary,
          secondaryIdentifier: secondary,
          optionalData: format === 'TD2' && documentNumber.length > 9 ? '' : optionalData,
        }));
        expect(failing(mrz)).toEqual([]);
        expect(mrz.documentNumber).toBe(documentNumber);
        expect(mrz.primaryIdentifier).toBe(primary);
        expect(mrz.dateOfBirth.text).toBe(dateOfBirth);
        expect(mrz.dateOfExpiry.text).toBe(dateOfExpiry);
        expect(mrz.nationality).toBe('D');
      },
    ));
  });
});
