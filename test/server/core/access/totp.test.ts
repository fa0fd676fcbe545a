/** One-time passwords, held against the vectors of RFC 4226, RFC 6238 and RFC 4648. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  base32,
  keyUri,
  matchingStep,
  oneTimePassword,
  stepOf,
} from '../../../../server/core/access/totp.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const SECRET = bytes('12345678901234567890');

describe('a password', () => {
  test.each(
    '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ')
      .map((code, step) => [step, code] as const),
  )('of step %i is that of RFC 4226, appendix D: %s', (step, code) => {
    expect(oneTimePassword(SECRET, step)).toBe(code);
  });

  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at second %i is that of RFC 6238, appendix B: %s', (seconds, code) => {
    expect(oneTimePassword(SECRET, stepOf(seconds * 1000), 8)).toBe(code);
  });
});

describe('a code', () => {
  const at = 1_111_111_111_000;

  test('is taken in its step and in those beside it, and says which it is of', () => {
    const step = stepOf(at);
    for (const near of [step - 1, step, step + 1]) {
      expect(matchingStep(SECRET, oneTimePassword(SECRET, near), at)).toBe(near);
    }
    for (const far of [step - 2, step + 2]) {
      expect(matchingStep(SECRET, oneTimePassword(SECRET, far), at)).toBeUndefined();
    }
  });

  test('of another secret is none', () => {
    const other = oneTimePassword(bytes('another secret of 20'), stepOf(at));
    expect(matchingStep(SECRET, other, at)).toBeUndefined();
  });

  test('is six digits and nothing else', () => {
    const code = oneTimePassword(SECRET, stepOf(at));
    for (const text of ['', ` ${code}`, `${code} `, code.slice(1), `0${code}`, '٠٥٠٤٧١']) {
      expect(matchingStep(SECRET, text, at)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      if (!/^\d{6}$/.test(text)) expect(matchingStep(SECRET, text, at)).toBeUndefined();
    }));
  });
});

describe('a secret as text', () => {
  test.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('%s is that of RFC 4648 10, without padding: %s', (text, encoded) => {
    expect(base32(bytes(text))).toBe(encoded);
  });

  test('is in the address for apps, whose parts are escaped', () => {
    expect(keyUri(SECRET, 'a&b', 'Gate house')).toBe(
      'otpauth://totp/Gate%20house:a%26b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Gate%20house',
    );
  });
});
