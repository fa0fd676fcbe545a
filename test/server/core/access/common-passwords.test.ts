/** Which passwords are common, and that those of people who think, or of the program, are not. */
import { describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { isCommon } from '../../../../server/core/access/common-passwords.ts';
import { base32 } from '../../../../server/core/access/totp.ts';

describe('a password is common', () => {
  test.each([
    '1qaz2wsx3edc',
    'administrator',
    'Password2026',
    'PASSWORDpassword',
    'qwerty123456',
    'qwertyqwerty!',
    'football-football-',
    'aaaaaaaaaaaa',
    '123123123123',
    '24121987sunshine',
  ])('that is one or two of the list, whatever its case: %s', (password) => {
    expect(isCommon(password)).toBe(true);
  });

  test('however often its parts stand there in a row', () => {
    const times = fc.integer({ min: 1, max: 20 });
    fc.assert(fc.property(
      fc.constantFrom('dragon', 'monkey', 'letmein', '2026', '!'),
      fc.constantFrom('shadow', 'baseball', '11111111', '?'),
      times,
      times,
      (one, two, first, second) => {
        expect(isCommon(one.repeat(first) + two.repeat(second))).toBe(true);
      },
    ));
  });
});

describe('a password is not common', () => {
  test.each([
    'correct horse battery',
    'staples of another sort',
    'xkq-vbn-wzt-plm',
    'password and football',
  ])('that has more to it: %s', (password) => {
    expect(isCommon(password)).toBe(false);
  });

  test('that is random, as those of the program', () => {
    for (let i = 0; i < 200; i++) {
      const text = base32(randomBytes(13)).slice(0, 20).toLowerCase();
      expect(isCommon(text.match(/.{5}/g)?.join('-') ?? '')).toBe(false);
    }
  });

  test('and any text has an answer, the longest in no time that counts', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      expect(typeof isCommon(text)).toBe('boolean');
    }));
    expect(isCommon('ab'.repeat(511) + 'xy')).toBe(false);
    expect(isCommon('1'.repeat(1024))).toBe(true);
  });
});
