/** API keys as text: what is one, and that nothing but the right one passes for it. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { newKey, readKey, sameKey } from '../../../../server/core/access/key-format.ts';

describe('a new key', () => {
  test('is read back to the same identifier and hash', () => {
    const made = newKey();
    expect(made.text).toMatch(/^gh_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
    expect(readKey(made.text)).toEqual({ id: made.id, digest: made.digest });
  });

  test('has a secret of 256 bits, another one each time', () => {
    const texts = Array.from({ length: 100 }, () => newKey().text);
    expect(new Set(texts.map((text) => text.slice(-43))).size).toBe(100);
    expect(Buffer.from(texts[0].slice(-43), 'base64url').length).toBe(32);
  });

  test('is not stored: the hash is of the whole text', () => {
    const { text, digest } = newKey();
    expect(digest).toEqual(new Bun.CryptoHasher('sha256').update(text).digest());
  });
});

describe('comparison', () => {
  const { text, digest } = newKey();
  const change = (at: number) =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

  test('takes the key and none that differs by one character of the secret', () => {
    expect(sameKey(readKey(text)!, digest)).toBe(true);
    for (let at = 16; at < text.length; at++) {
      expect(sameKey(readKey(change(at))!, digest)).toBe(false);
    }
  });

  test('without a stored hash is false', () => {
    expect(sameKey(readKey(text)!, undefined)).toBe(false);
    expect(sameKey({ id: '', digest: new Uint8Array(32) }, undefined)).toBe(false);
  });
});

test('anything else is no key', () => {
  const { text } = newKey();
  for (
    const other of [
      '',
      'gh_',
      text.slice(0, -1),
      `${text}A`,
      ` ${text}`,
      `${text}\n`,
      text.toUpperCase(),
    ]
  ) expect(readKey(other)).toBeUndefined();
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (junk) => {
    expect(readKey(junk)).toBeUndefined();
    expect(readKey(`gh_${junk}`)).toBeUndefined();
  }));
});
