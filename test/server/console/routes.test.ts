/** The way into the console over HTTP: both factors, cookies, other sites, and what guessing leads to. */
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test';
import fc from 'fast-check';
import { AccessFile } from '../../../server/core/access/access-file.ts';
import { AdminStore } from '../../../server/core/access/admin-store.ts';
import { oneTimePassword, stepOf } from '../../../server/core/access/totp.ts';
import { SOURCE_LOCKOUT } from '../../../server/console/login.ts';
import { type Running, startFake } from '../support/running.ts';

// password hashes are slow on purpose, slower beside other tests
setDefaultTimeout(30_000);

const PASSWORD = 'correct horse battery';

let file: AccessFile, admins: AdminStore, secret: Uint8Array, running: Running;
beforeAll(async () => {
  file = AccessFile.open(':memory:');
  admins = new AdminStore(file);
  secret = await admins.put('ops', PASSWORD, Date.now());
});
afterAll(() => file.close());
// a server for each test: who was locked out in one is not in the next
beforeEach(() => {
  running = startFake({ trustedProxies: '127.0.0.1' }, undefined, { access: file });
});
afterEach(() => running.server.stop());

/** A code that was not used yet. */
function code(): string {
  // a file is written at once
  void file.run('UPDATE admin SET last_step = 0');
  return oneTimePassword(secret, stepOf(Date.now()));
}
const right = () => ({ name: 'ops', password: PASSWORD, code: code() });
const login = (body: unknown, headers: Record<string, string> = {}) =>
  running.post('/console/api/login', JSON.stringify(body), headers);
const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(`/console/api/${path}`, running.server.url), { method, headers });

async function loggedIn(): Promise<{ Cookie: string; token: string }> {
  const response = await login(right());
  expect(response.status).toBe(200);
  const cookie = response.headers.get('set-cookie') ?? '';
  return { Cookie: cookie.split(';')[0], token: (await response.json()).csrf_token };
}
async function expectError(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, (await response.json()).error.code]).toEqual([status, code]);
}

describe('a login', () => {
  test('gives a cookie and says how long it is good for', async () => {
    const response = await login(right());
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-gatehouse-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      name: 'ops',
      csrf_token: expect.stringMatching(/^[\w-]{43}$/),
      ends: expect.stringMatching(/^\d{4}-.*Z$/),
      idle_seconds: 900,
    });
  });

  test('with anything wrong gets one and the same answer, and the log has nothing that was typed', async () => {
    const good = right();
    const answers = new Set<string>();
    for (const wrong of [{ name: 'nobody' }, { password: 'my secret word' }, { code: '000000' }]) {
      const response = await login({ ...good, ...wrong });
      expect(response.headers.get('set-cookie')).toBeNull();
      answers.add(`${response.status} ${await response.text()}`);
    }
    expect([...answers]).toEqual([
      '401 {"error":{"code":"LOGIN_FAILED","message":"Name, password or code is wrong"}}',
    ]);
    const log = running.text.join('');
    for (const typed of ['nobody', 'my secret word', good.code, PASSWORD]) {
      expect(log).not.toContain(typed);
    }
    expect(running.lines).toContainEqual(
      expect.objectContaining({ event: 'console-login-failed', source: '127.0.0.1' }),
    );
  });

  test('with a code that was used is refused', async () => {
    const once = right();
    expect((await login(once)).status).toBe(200);
    await expectError(await login(once), 401, 'LOGIN_FAILED');
  });

  test('is logged with the name of the administrator', async () => {
    await loggedIn();
    expect(running.lines).toContainEqual(
      expect.objectContaining({ event: 'console-login', admin: 'ops' }),
    );
  });

  test('from another site is refused', async () => {
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ];
    for (const headers of foreign) {
      await expectError(await login(right(), headers), 403, 'FOREIGN_REQUEST');
    }
    await expectError(
      await login(right(), { 'Content-Type': 'text/plain' }),
      400,
      'INVALID_REQUEST',
    );
  });

  test('of any other shape is refused as such', async () => {
    const good = right();
    for (
      const body of [
        {},
        [],
        null,
        'x',
        { ...good, code: 123456 },
        { ...good, name: '' },
        { ...good, password: 'x'.repeat(1025) },
        { ...good, more: 1 },
      ]
    ) await expectError(await login(body), 400, 'INVALID_REQUEST');
    const large = { ...good, password: 'x'.repeat(10_000) };
    await expectError(await login(large), 413, 'TOO_LARGE');
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
        const response = await running.post('/console/api/login', body);
        expect(response.status).toBe(400);
      }),
      { numRuns: 50 },
    );
  });

  test('beside two others is told to wait', async () => {
    const wrong = { name: 'ops', password: 'x', code: '000000' };
    const statuses = (await Promise.all(Array.from({ length: 4 }, () => login(wrong))))
      .map(({ status }) => status).toSorted();
    expect(statuses).toEqual([401, 401, 503, 503]);
  });
});

describe('guessing', () => {
  const wrong = { name: 'ops', password: 'x', code: '000000' };
  const from = (address: string, body: unknown) => login(body, { 'X-Forwarded-For': address });

  test('locks its source out, whatever it sends then, and others not', async () => {
    for (let i = 0; i < SOURCE_LOCKOUT.failures; i++) {
      await expectError(
        await from('198.51.100.7', { ...wrong, name: `n${i}` }),
        401,
        'LOGIN_FAILED',
      );
    }
    const locked = await from('198.51.100.7', right());
    expect(locked.headers.get('retry-after')).toBe('30');
    await expectError(locked, 429, 'LOCKED_OUT');
    expect((await from('198.51.100.8', right())).status).toBe(200);
    expect(running.lines).toContainEqual(
      expect.objectContaining({ event: 'locked-out', source: '198.51.100.7', seconds: 30 }),
    );
  });
});

describe('a session', () => {
  test('is known by its cookie', async () => {
    const { Cookie, token } = await loggedIn();
    const response = await ask('GET', 'session', { Cookie });
    expect(await response.json()).toMatchObject({ name: 'ops', csrf_token: token });
  });

  test('is over when its browser logs in anew', async () => {
    const { Cookie } = await loggedIn();
    const again = await login(right(), { Cookie });
    expect(again.status).toBe(200);
    await expectError(await ask('GET', 'session', { Cookie }), 401, 'NOT_LOGGED_IN');
  });

  test('is over after the logout', async () => {
    const { Cookie, token } = await loggedIn();
    const response = await ask('POST', 'logout', { Cookie, 'X-CSRF-Token': token });
    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toContain('Max-Age=0');
    expect(response.headers.get('clear-site-data')).toBe('"cache", "storage"');
    await expectError(await ask('GET', 'session', { Cookie }), 401, 'NOT_LOGGED_IN');
  });

  test('is not ended by another site, nor by a page that does not know its token', async () => {
    const { Cookie, token } = await loggedIn();
    const foreign: Record<string, string>[] = [
      {},
      { 'X-CSRF-Token': 'x' },
      { 'X-CSRF-Token': token, Origin: 'https://evil.example' },
      { 'X-CSRF-Token': token, 'Sec-Fetch-Site': 'cross-site' },
    ];
    for (const headers of foreign) {
      const response = await ask('POST', 'logout', { Cookie, ...headers });
      await expectError(response, 403, 'FOREIGN_REQUEST');
    }
    expect((await ask('GET', 'session', { Cookie })).status).toBe(200);
  });

  test('is none without its cookie, or with one that nobody was given', async () => {
    const { Cookie } = await loggedIn();
    const forged = `__Host-gatehouse-session=${'A'.repeat(43)}`;
    for (const cookie of ['', forged, Cookie.slice(0, -1), `${Cookie}; ${forged}`, 'x=y']) {
      await expectError(await ask('GET', 'session', { Cookie: cookie }), 401, 'NOT_LOGGED_IN');
    }
  });
});

test('other methods are told which one it takes', async () => {
  const response = await ask('GET', 'login');
  expect(response.headers.get('allow')).toBe('POST');
  await expectError(response, 405, 'METHOD_NOT_ALLOWED');
});

test('there are no such paths while there is no administrator, and they are there when there is one', async () => {
  const empty = AccessFile.open(':memory:');
  const other = startFake({}, undefined, { access: empty });
  const session = () => fetch(new URL('/console/api/session', other.server.url));
  expect((await session()).status).toBe(404);
  expect((await other.post('/console/api/login', right())).status).toBe(404);
  await new AdminStore(empty).put('ops', PASSWORD, 0);
  expect((await session()).status).toBe(401);
  await other.server.stop();
});
