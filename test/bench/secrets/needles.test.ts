/** The search finds a secret in each form that it is for. */
import { expect, test } from 'bun:test';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import {
  type Found,
  keyNeedles,
  type Needle,
  search,
  textNeedles,
} from '../../../bench/secrets/needles.ts';

function formsIn(bytes: Uint8Array, needles: readonly Needle[]): string[] {
  const found: Found = new Map();
  search(Buffer.from(bytes), needles, found);
  return [...found.get('secret')?.keys() ?? []];
}

const SECRET = 'gh_0123456789ab_secret-of-a-client';
const bytes = fc.uint8Array({ maxLength: 40 });

test('a text, wherever it stands, and in Base64 of whatever is around it', () => {
  const needles = textNeedles('secret', SECRET);
  fc.assert(fc.property(bytes, bytes, (before, after) => {
    const around = (inner: Uint8Array) => Buffer.concat([before, inner, after]);
    expect(formsIn(around(Buffer.from(SECRET)), needles)).toContain('text');
    expect(formsIn(around(Buffer.from(SECRET, 'utf16le')), needles)).toContain('16-bit text');
    const coded = around(Buffer.from(SECRET)).toString('base64');
    expect(formsIn(Buffer.from(coded), needles)).toEqual(['Base64']);
    expect(formsIn(around(Buffer.from('another text of the same kind')), needles)).toEqual([]);
  }));
});

test('a private key, as it was read and as a library keeps it', () => {
  for (
    const { privateKey } of [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ]
  ) {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const needles = keyNeedles('secret', pem);
    expect(formsIn(Buffer.from(pem), needles)).toContain('PEM');
    expect(formsIn(privateKey.export({ type: 'pkcs8', format: 'der' }), needles)).toEqual([
      'number',
    ]);
    const { d = '' } = privateKey.export({ format: 'jwk' });
    const number = Buffer.from(d, 'base64url');
    expect(formsIn(number.toReversed(), needles)).toEqual(['number, lowest byte first']);
    expect(formsIn(Buffer.from(d), needles)).toContain('Base64');
  }
});

test('each place is counted', () => {
  const found: Found = new Map();
  search(Buffer.from(`${SECRET} ${SECRET}`), textNeedles('secret', SECRET), found);
  expect(found.get('secret')?.get('text')).toBe(2);
});
