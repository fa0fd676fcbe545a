/** The cookie of a session: how it is set, and what is read of any header. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { endedCookie, readSessionCookie, sessionCookie } from '../../../server/console/cookie.ts';

const NAME = '__Host-gatehouse-session';

describe('the cookie', () => {
  test('is for this host alone, over TLS, out of reach of scripts and other sites', () => {
    expect(sessionCookie('id')).toBe(`${NAME}=id; Path=/; Secure; HttpOnly; SameSite=Strict`);
    expect(endedCookie()).toStartWith(`${NAME}=; `);
    expect(endedCookie()).toContain('Max-Age=0');
  });

  test('is found among others', () => {
    expect(readSessionCookie(`${NAME}=id`)).toBe('id');
    expect(readSessionCookie(`a=b; ${NAME}=id;c=d`)).toBe('id');
    for (const header of [null, '', NAME, `x${NAME}=id`, `"${NAME}=id"`, `${NAME} =id`]) {
      expect(readSessionCookie(header)).toBeUndefined();
    }
  });

  test('that comes twice is none: somebody has added one', () => {
    expect(readSessionCookie(`${NAME}=id; ${NAME}=other`)).toBeUndefined();
  });

  test('is a part of any header that has one', () => {
    const part = fc.oneof(fc.string(), fc.string().map((text) => `${NAME}=${text}`));
    fc.assert(fc.property(fc.array(part), (parts) => {
      const header = parts.join(';');
      const value = readSessionCookie(header);
      if (value !== undefined) expect(header).toContain(`${NAME}=${value}`);
    }));
  });
});
