import { describe, expect, test } from 'bun:test';
import {
  canPassword,
  mrzInformation,
  mrzPassword,
  pinPassword,
  pukPassword,
} from '../../../emrtd/access/mod.ts';
import { digest } from '../../../emrtd/crypto/mod.ts';

const DATES = { dateOfBirth: '690806', dateOfExpiry: '940623' };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('MRZ information (9303-11 4.3.2)', () => {
  test.each([
    ['L898902C', 'L898902C<369080619406236'],
    ['L898902C<', 'L898902C<369080619406236'],
    ['l898902c', 'L898902C<369080619406236'],
    ['D23145890734', 'D23145890734969080619406236'],
  ])('of document number %s', (documentNumber, expected) => {
    expect(mrzInformation({ documentNumber, ...DATES })).toBe(expected);
    expect(mrzPassword({ documentNumber, ...DATES })).toEqual({
      kind: 'MRZ',
      secret: digest('SHA-1', bytes(expected)),
    });
  });

  test('unknown parts of a date are fillers', () => {
    const key = { documentNumber: 'X', dateOfBirth: '69<<<<', dateOfExpiry: '940623' };
    expect(mrzInformation(key)).toStartWith('X<<<<<<<<');
  });

  test.each([
    ['no number', '', DATES],
    ['fillers only', '<<<', DATES],
    ['a foreign letter', 'ÄBC', DATES],
    ['a space', 'A B', DATES],
    ['a number of 25 characters', 'A'.repeat(25), DATES],
    ['a number of a million characters', `A${'<'.repeat(1e6)}A`, DATES],
    ['a birth date with century', 'L898902C', { ...DATES, dateOfBirth: '19690806' }],
    ['an expiry date with hyphens', 'L898902C', { ...DATES, dateOfExpiry: '94-06-23' }],
    ['no birth date', 'L898902C', { ...DATES, dateOfBirth: '' }],
  ])('refuses %s, without repeating it', (_, documentNumber, dates) => {
    const key = { documentNumber, ...dates };
    try {
      mrzPassword(key);
    } catch (error) {
      const { code, message } = error as Error & { code: string };
      expect(code).toBe('ACCESS_KEY_INVALID');
      if (documentNumber.length > 1) expect(message).not.toContain(documentNumber);
      return;
    }
    throw new Error('accepted');
  });
});

describe('CAN, PIN and PUK', () => {
  test('are taken as characters', () => {
    expect(canPassword('012345')).toEqual({ kind: 'CAN', secret: bytes('012345') });
    expect(pinPassword('12345').kind).toBe('PIN');
    expect(pinPassword('123456').kind).toBe('PIN');
    expect(pukPassword('0123456789').kind).toBe('PUK');
  });

  test.each([
    ['CAN of 5 digits', () => canPassword('12345')],
    ['CAN of letters', () => canPassword('12345A')],
    ['PIN of 4 digits', () => pinPassword('1234')],
    ['PUK of 9 digits', () => pukPassword('123456789')],
    ['empty PUK', () => pukPassword('')],
  ])('%s is refused', (_, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'ACCESS_KEY_INVALID' }));
  });
});
