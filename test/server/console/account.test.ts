/** The account of an administrator over HTTP: a password that is changed, and what keeps it as it is. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import { AccessFile } from '../../../server/core/access/access-file.ts';
import { AdminStore } from '../../../server/core/access/admin-store.ts';
import { csrfToken, Sessions } from '../../../server/core/access/sessions.ts';
import { oneTimePassword, stepOf } from '../../../server/core/access/totp.ts';
import { SOURCE_LOCKOUT } from '../../../server/console/login.ts';
import { readSessionCookie } from '../../../server/console/cookie.ts';
import { cookieOf } from '../support/console.ts';
import { licensed } from '../support/licences.ts';
import { type Running, startFake } from '../support/running.ts';

// password hashes are slow on purpose, slower beside other tests
setDefaultTimeout(30_000);

const PASSWORD = 'correct horse battery';
const NEXT = 'staples of another sort';

let file: AccessFile, secret: Uint8Array, running: Running, licensing: ReturnType<typeof licensed>;
beforeEach(async () => {
  file = AccessFile.open(':memory:');
  secret = await new AdminStore(file).put('ops', PASSWORD, Date.now());
  licensing = licensed();
  running = startFake({ trustedProxies: '127.0.0.1' }, undefined, { access: file, licensing });
});
afterEach(async () => {
  await running.server.stop();
  file.close();
});

const sessionOf = async (admin = 'ops') => (await new Sessions(file).begin(admin, Date.now())).id;
const headersOf = (id: string) => ({ Cookie: cookieOf(id), 'X-CSRF-Token': csrfToken(id) });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  running.post(`/console/api/${path}`, JSON.stringify(body), headers);
const isIn = async (id: string) => {
  const at = new URL('/console/api/session', running.server.url);
  return (await fetch(at, { headers: { Cookie: cookieOf(id) } })).status === 200;
};

function confirmation(password = PASSWORD): { password: string; code: string } {
  // a file is written at once
  void file.run('UPDATE admin SET last_step = 0');
  return { password, code: oneTimePassword(secret, stepOf(Date.now())) };
}
const logIn = (password: string) => post('login', { name: 'ops', ...confirmation(password) });
async function expectError(response: Response, status: number, code: string): Promise<string> {
  const { error } = await response.json();
  expect([response.status, error.code]).toEqual([status, code]);
  return error.message;
}
async function trail(topics: readonly string[]): Promise<unknown[]> {
  const events = [];
  for await (const { topic, body } of licensing.records.store.read('audit')) {
    if (topics.includes(topic)) events.push({ topic, ...JSON.parse(body) });
  }
  return events;
}

describe('a changed password', () => {
  test('lets in in the place of the old one, with the same authenticator', async () => {
    const body = { ...confirmation(), newPassword: NEXT };
    const response = await post('password', body, headersOf(await sessionOf()));
    expect(response.status).toBe(200);
    expect((await logIn(NEXT)).status).toBe(200);
    await expectError(await logIn(PASSWORD), 401, 'LOGIN_FAILED');
    expect(await trail(['admin-changed'])).toEqual([{
      topic: 'admin-changed',
      actor: { type: 'admin', name: 'ops' },
      admin: 'ops',
      change: 'password',
    }]);
    expect(running.text.join('')).not.toContain(NEXT);
  });

  test('ends all sessions of the administrator and begins another one; nobody else notices', async () => {
    await new AdminStore(file).put('eve', PASSWORD, Date.now());
    const [mine, elsewhere, eves] = await Promise.all(['ops', 'ops', 'eve'].map(sessionOf));
    const body = { ...confirmation(), newPassword: NEXT };
    const response = await post('password', body, headersOf(mine));
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toEndWith('; Path=/; Secure; HttpOnly; SameSite=Strict');
    const id = readSessionCookie(cookie.split(';')[0]) ?? '';
    const { name, csrf_token: token } = await response.json();
    expect([name, token]).toEqual(['ops', csrfToken(id)]);
    expect(await Promise.all([mine, elsewhere, eves, id].map(isIn))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

describe('the sessions of an administrator', () => {
  const list = async (id: string) => {
    const at = new URL('/console/api/sessions', running.server.url);
    return (await (await fetch(at, { headers: { Cookie: cookieOf(id) } })).json()).sessions;
  };
  const end = (id: string, which: unknown, given: object = confirmation()) =>
    post('sessions/end', { ...given, which }, headersOf(id));

  test('are seen with their beginning and address, and without what lets anybody in', async () => {
    const login = { name: 'ops', ...confirmation() };
    const entered = await post('login', login, { 'X-Forwarded-For': '198.51.100.7' });
    const id = readSessionCookie((entered.headers.get('set-cookie') ?? '').split(';')[0]) ?? '';
    const before = await sessionOf();
    const found = await list(id);
    expect(found).toHaveLength(2);
    expect(found).toContainEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      current: true,
      begun: expect.stringMatching(/Z$/),
      used: expect.stringMatching(/Z$/),
      by: 'password',
      address: '198.51.100.7',
    });
    for (const token of [id, before, csrfToken(id), csrfToken(before)]) {
      expect(JSON.stringify(found)).not.toContain(token);
    }
  });

  test('are ended one by one or all at once, but never those of somebody else', async () => {
    await new AdminStore(file).put('eve', PASSWORD, Date.now());
    const [mine, one, two, three, eves] = await Promise.all(
      ['ops', 'ops', 'ops', 'ops', 'eve'].map(sessionOf),
    );
    const alive = () => Promise.all([mine, one, two, three, eves].map(isIn));
    const ended = await end(mine, await handle(one));
    expect([ended.status, (await ended.json()).sessions.length]).toEqual([200, 3]);
    expect(await alive()).toEqual([true, false, true, true, true]);
    expect((await end(mine, await handle(eves))).status).toBe(200);
    expect(await alive()).toEqual([true, false, true, true, true]);
    expect((await (await end(mine, 'others')).json()).sessions).toMatchObject([{ current: true }]);
    expect(await alive()).toEqual([true, false, false, false, true]);
    const actor = { type: 'admin', name: 'ops' };
    expect(await trail(['sessions-ended'])).toEqual([
      { topic: 'sessions-ended', actor, count: 1 },
      { topic: 'sessions-ended', actor, count: 2 },
    ]);
  });
  const handle = async (id: string) =>
    (await list(id)).find(({ current }: { current: boolean }) => current).id;

  test('are not ended without password and code, nor by another site, nor by other bodies', async () => {
    const [mine, other] = [await sessionOf(), await sessionOf()];
    const wrong = { ...confirmation(), code: '000000' };
    await expectError(await end(mine, 'others', wrong), 401, 'LOGIN_FAILED');
    await expectError(await end(mine, 'others', {}), 400, 'INVALID_REQUEST');
    for (const which of [undefined, 'all', '', 7, 'A'.repeat(16)]) {
      await expectError(await end(mine, which), 400, 'INVALID_REQUEST');
    }
    const body = { ...confirmation(), which: 'others' };
    const { Cookie } = headersOf(mine);
    await expectError(await post('sessions/end', body, { Cookie }), 403, 'FOREIGN_REQUEST');
    expect(await isIn(other)).toBe(true);
    const at = new URL('/console/api/sessions', running.server.url);
    await expectError(await fetch(at), 401, 'NOT_LOGGED_IN');
  });
});

describe('a password is not changed', () => {
  const unchanged = async () => expect((await logIn(PASSWORD)).status).toBe(200);

  test('without a session and its token', async () => {
    const body = { ...confirmation(), newPassword: NEXT };
    const { Cookie, ...token } = headersOf(await sessionOf());
    await expectError(await post('password', body, token), 401, 'NOT_LOGGED_IN');
    await expectError(await post('password', body, { Cookie }), 403, 'FOREIGN_REQUEST');
    const foreign = { Cookie, ...token, Origin: 'https://evil.example' };
    await expectError(await post('password', body, foreign), 403, 'FOREIGN_REQUEST');
    await unchanged();
  });

  test('without the current one and a code that is good, and guessing locks out of the login too', async () => {
    const headers = { ...headersOf(await sessionOf()), 'X-Forwarded-For': '198.51.100.7' };
    const good = { ...confirmation(), newPassword: NEXT };
    for (let i = 0; i < SOURCE_LOCKOUT.failures; i++) {
      const wrong = i % 2 === 0 ? { password: 'not the one' } : { code: '000000' };
      await expectError(
        await post('password', { ...good, ...wrong }, headers),
        401,
        'LOGIN_FAILED',
      );
    }
    await expectError(await post('password', good, headers), 429, 'LOCKED_OUT');
    const login = { name: 'ops', ...confirmation() };
    await expectError(
      await post('login', login, { 'X-Forwarded-For': '198.51.100.7' }),
      429,
      'LOCKED_OUT',
    );
    expect(await trail(['admin-changed'])).toEqual([]);
    await unchanged();
  });

  test('to one that is short, long or has an easy word in it, which uses no code up', async () => {
    const id = await sessionOf();
    const given = confirmation();
    for (
      const [newPassword, reason] of [
        ['short', '12 to 1024 characters'],
        ['x'.repeat(1025), '12 to 1024 characters'],
        ['My-GateHouse-2026', '"gatehouse"'],
        ['the secret of OPS', '"ops"'],
        ['Sunshine-Sunshine-', 'common'],
      ]
    ) {
      const response = await post('password', { ...given, newPassword }, headersOf(id));
      const message = await expectError(response, 400, 'PASSWORD_REFUSED');
      expect(message).toContain(reason);
      expect(message).not.toContain(newPassword);
    }
    const response = await post('password', { ...given, newPassword: NEXT }, headersOf(id));
    expect(response.status).toBe(200);
  });

  test('by a body of any other shape', async () => {
    const headers = headersOf(await sessionOf());
    const good = { password: PASSWORD, code: '000000', newPassword: NEXT };
    const { newPassword: _, ...without } = good;
    for (const body of [{}, [], null, without, { ...good, more: 1 }, { ...good, newPassword: 7 }]) {
      await expectError(await post('password', body, headers), 400, 'INVALID_REQUEST');
    }
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
        expect((await running.post('/console/api/password', body, headers)).status).toBe(400);
      }),
      { numRuns: 50 },
    );
  });

  test('when somebody has reset it in between', async () => {
    const admins = new AdminStore(file);
    const changed = admins.changePassword('ops', PASSWORD, NEXT, Date.now());
    await admins.put('ops', 'given by the operator', Date.now());
    // whichever was first, the password of the reset is in force
    await changed;
    const anew = await admins.changePassword('ops', PASSWORD, NEXT, Date.now());
    expect(anew).toBe(false);
    expect(await admins.changePassword('ops', 'given by the operator', NEXT, Date.now())).toBe(
      true,
    );
  });
});
