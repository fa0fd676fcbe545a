/** Passkeys over HTTP: adding, logging in, removing, and what does none of it. */
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
import { csrfToken, Sessions } from '../../../server/core/access/sessions.ts';
import { oneTimePassword, stepOf } from '../../../server/core/access/totp.ts';
import { SOURCE_LOCKOUT } from '../../../server/console/login.ts';
import { Authenticator, FLAG, type Saying } from '../support/authenticator.ts';
import { cookieOf } from '../support/console.ts';
import { licensed } from '../support/licences.ts';
import { type Running, startFake } from '../support/running.ts';

// password hashes are slow on purpose, slower beside other tests
setDefaultTimeout(30_000);

const ORIGIN = 'https://gate.example';
const PASSWORD = 'correct horse battery';

let file: AccessFile, secret: Uint8Array, running: Running, licensing: ReturnType<typeof licensed>;
beforeAll(async () => {
  file = AccessFile.open(':memory:');
  secret = await new AdminStore(file).put('ops', PASSWORD, Date.now());
});
afterAll(() => file.close());
beforeEach(() => {
  licensing = licensed();
  running = startFake(
    { trustedProxies: '127.0.0.1', passkeyOrigin: ORIGIN },
    undefined,
    { access: file, licensing },
  );
});
afterEach(async () => {
  await running.server.stop();
  await file.run('DELETE FROM passkey');
});

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const sessionOf = async (admin = 'ops') => (await new Sessions(file).begin(admin, Date.now())).id;
const headersOf = (id: string) => ({ Cookie: cookieOf(id), 'X-CSRF-Token': csrfToken(id) });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  running.post(`/console/api/${path}`, JSON.stringify(body), headers);
const get = async (path: string, headers: Record<string, string> = {}) =>
  await (await fetch(new URL(`/console/api/${path}`, running.server.url), { headers })).json();

function confirmation(of = secret): { password: string; code: string } {
  // a file is written at once
  void file.run('UPDATE admin SET last_step = 0');
  return { password: PASSWORD, code: oneTimePassword(of, stepOf(Date.now())) };
}
async function expectError(response: Response, status: number, code: string): Promise<void> {
  expect([response.status, (await response.json()).error.code]).toEqual([status, code]);
}

/** Answers to adding `key` in a session. */
async function add(key: Authenticator, id: string, saying: Saying = {}, challenge?: string) {
  const begun = await post('passkeys/challenge', confirmation(), headersOf(id));
  expect(begun.status).toBe(200);
  const offer = await begun.json();
  return {
    offer,
    body: addBody(key, challenge ?? offer.challenge, saying),
    response: await post(
      'passkeys/add',
      addBody(key, challenge ?? offer.challenge, saying),
      headersOf(id),
    ),
  };
}
const remove = (key: Authenticator, id: string, given = confirmation()) =>
  post('passkeys/remove', { ...given, id: text(key.id) }, headersOf(id));
function addBody(key: Authenticator, challenge: string, saying: Saying = {}) {
  const { clientData, authenticatorData, publicKey, algorithm } = key.register(challenge, saying);
  return {
    name: 'Key in the safe',
    clientData: text(clientData),
    authenticatorData: text(authenticatorData),
    publicKey: text(publicKey),
    algorithm,
  };
}
function signInBody(key: Authenticator, handle: string, challenge: string, saying: Saying = {}) {
  const { clientData, authenticatorData, signature } = key.assert(challenge, saying);
  return {
    id: text(key.id),
    clientData: text(clientData),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: handle,
  };
}
const challengeToSignIn = async (): Promise<string> => (await get('passkey')).passkey.challenge;

/** A key that was added, and the handle that it knows its owner by. */
async function added(saying: Saying = {}) {
  const key = new Authenticator(ORIGIN);
  const { offer, response } = await add(key, await sessionOf(), saying);
  expect(response.status).toBe(201);
  return { key, handle: offer.userHandle as string };
}
async function trail(): Promise<unknown[]> {
  const events = [];
  for await (const { topic, body } of licensing.records.store.read('audit')) {
    if (topic.startsWith('passkey') || topic === 'console-login') {
      events.push({ topic, ...JSON.parse(body) });
    }
  }
  return events;
}

describe('a passkey', () => {
  test('is added, lets in, and is seen to have been used', async () => {
    const session = await sessionOf();
    const key = new Authenticator(ORIGIN);
    const { offer, response } = await add(key, session);
    expect(offer).toEqual({
      rpId: 'gate.example',
      challenge: expect.any(String),
      timeoutMs: 120_000,
      userHandle: expect.stringMatching(/^[\w-]{43}$/),
      userName: 'ops',
      algorithms: [-7, -8, -257],
      exclude: [],
    });
    expect(response.status).toBe(201);
    const [passkey] = (await response.json()).passkeys;
    expect(passkey).toEqual({
      id: text(key.id),
      name: 'Key in the safe',
      created: expect.stringMatching(/Z$/),
      used: null,
      synced: false,
    });
    const challenge = await challengeToSignIn();
    const entered = await post('passkey/login', signInBody(key, offer.userHandle, challenge));
    expect(entered.status).toBe(200);
    expect(entered.headers.get('set-cookie')).toMatch(/^__Host-gatehouse-session=[\w-]{43}; /);
    const { csrf_token: _, ...told } = await entered.json();
    expect(told).toMatchObject({ name: 'ops', idle_seconds: 900 });
    const { passkeys, origin } = await get('passkeys', headersOf(session));
    expect([origin, passkeys[0].used]).toEqual([ORIGIN, expect.stringMatching(/Z$/)]);
    const hash = new Bun.CryptoHasher('sha256').update(key.id).digest('hex').slice(0, 16);
    const actor = { type: 'admin', name: 'ops' };
    expect(await trail()).toEqual([
      { topic: 'passkey-changed', actor, change: 'added', passkey: hash, name: 'Key in the safe' },
      { topic: 'console-login', actor, by: 'passkey' },
    ]);
  });

  test('that was removed lets nobody in', async () => {
    const { key, handle } = await added();
    const id = await sessionOf();
    expect((await remove(key, id)).status).toBe(204);
    await expectError(await remove(key, id), 404, 'NO_SUCH_PASSKEY');
    await expectError(
      await post('passkey/login', signInBody(key, handle, await challengeToSignIn())),
      401,
      'LOGIN_FAILED',
    );
    expect((await trail()).at(-1)).toMatchObject({ topic: 'passkey-changed', change: 'removed' });
  });

  test('of another administrator is neither seen nor removed', async () => {
    const { key } = await added();
    const own = await new AdminStore(file).put('eve', PASSWORD, Date.now());
    const session = await sessionOf('eve');
    expect((await get('passkeys', headersOf(session))).passkeys).toEqual([]);
    await expectError(await remove(key, session, confirmation(own)), 404, 'NO_SUCH_PASSKEY');
  });

  test('is not removed without password and code, and guessing them locks out', async () => {
    const { key, handle } = await added();
    const id = await sessionOf();
    await expectError(
      await post('passkeys/remove', { id: text(key.id) }, headersOf(id)),
      400,
      'INVALID_REQUEST',
    );
    for (let i = 0; i < SOURCE_LOCKOUT.failures; i++) {
      const wrong = { ...confirmation(), ...(i % 2 ? { code: '000000' } : { password: 'x' }) };
      await expectError(await remove(key, id, wrong), 401, 'LOGIN_FAILED');
    }
    await expectError(await remove(key, id), 429, 'LOCKED_OUT');
    const entered = await post(
      'passkey/login',
      signInBody(key, handle, await challengeToSignIn()),
      { 'X-Forwarded-For': '198.51.100.9' },
    );
    expect(entered.status).toBe(200);
  });
});

describe('a sign-in', () => {
  test('that is sent again is refused', async () => {
    const { key, handle } = await added();
    const body = signInBody(key, handle, await challengeToSignIn());
    expect((await post('passkey/login', body)).status).toBe(200);
    await expectError(await post('passkey/login', body), 401, 'LOGIN_FAILED');
    expect((await trail()).at(-1)).toMatchObject({ admin: 'ops', reason: 'challenge' });
  });

  test('of two with one challenge at once, one is let in', async () => {
    const { key, handle } = await added();
    const challenge = await challengeToSignIn();
    const statuses = (await Promise.all(
      Array.from({ length: 4 }, () => post('passkey/login', signInBody(key, handle, challenge))),
    )).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 401, 401, 401]);
  });

  const wrong: readonly (readonly [string, Saying])[] = [
    ['origin', { origin: 'https://gate.example.evil.example' }],
    ['rp-id', { rpId: 'evil.example' }],
    ['user-verification', { flags: FLAG.UP }],
    ['user-presence', { flags: FLAG.UV }],
    ['counter', { counter: 7 }],
    ['type', { type: 'webauthn.create' }],
    ['framed', { more: { crossOrigin: true } }],
  ];
  test('with anything wrong gets one and the same answer; the trail has the reason', async () => {
    const { key, handle } = await added({ counter: 7 });
    const answers = new Set<string>();
    for (const [reason, saying] of wrong) {
      const body = signInBody(key, handle, await challengeToSignIn(), { counter: 8, ...saying });
      const from = { 'X-Forwarded-For': `198.51.100.${answers.size + reason.length}` };
      const response = await post('passkey/login', body, from);
      expect(response.headers.get('set-cookie')).toBeNull();
      answers.add(`${response.status} ${await response.text()}`);
      expect((await trail()).at(-1)).toMatchObject({ topic: 'passkey-refused', reason });
    }
    expect([...answers]).toEqual([
      '401 {"error":{"code":"LOGIN_FAILED","message":"The passkey was not accepted"}}',
    ]);
    const right = signInBody(key, handle, await challengeToSignIn(), { counter: 8 });
    expect((await post('passkey/login', right)).status).toBe(200);
  });

  test('in the name of somebody else, or with a challenge of another purpose, is refused', async () => {
    const { key } = await added();
    await new AdminStore(file).put('eve', PASSWORD, Date.now());
    const challenge = await challengeToSignIn();
    const eve = text(new Uint8Array(32));
    await expectError(
      await post('passkey/login', signInBody(key, eve, challenge)),
      401,
      'LOGIN_FAILED',
    );
    const { offer } = await add(key, await sessionOf());
    await expectError(
      await post('passkey/login', signInBody(key, offer.userHandle, offer.challenge)),
      401,
      'LOGIN_FAILED',
    );
  });

  test('of strangers locks them out, and leaves nothing in the trail', async () => {
    const { handle } = await added();
    const before = (await trail()).length;
    for (let i = 0; i < SOURCE_LOCKOUT.failures; i++) {
      const stranger = new Authenticator(ORIGIN);
      const body = signInBody(stranger, handle, await challengeToSignIn());
      await expectError(await post('passkey/login', body), 401, 'LOGIN_FAILED');
    }
    const body = signInBody(new Authenticator(ORIGIN), handle, await challengeToSignIn());
    await expectError(await post('passkey/login', body), 429, 'LOCKED_OUT');
    expect((await trail()).length).toBe(before);
  });

  test('from a page of another site is refused', async () => {
    const { key, handle } = await added();
    const body = signInBody(key, handle, await challengeToSignIn());
    await expectError(
      await post('passkey/login', body, { 'Sec-Fetch-Site': 'cross-site' }),
      403,
      'FOREIGN_REQUEST',
    );
  });

  test('of any other shape is refused as such', async () => {
    const { key, handle } = await added();
    const good = signInBody(key, handle, await challengeToSignIn());
    for (
      const body of [{}, [], null, { ...good, more: 1 }, { ...good, id: 'a=' }, { ...good, id: 7 }]
    ) {
      await expectError(await post('passkey/login', body), 400, 'INVALID_REQUEST');
    }
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
        expect((await running.post('/console/api/passkey/login', body)).status).toBe(400);
      }),
      { numRuns: 50 },
    );
  });
});

describe('adding a passkey', () => {
  test('needs password and code again, and guessing them locks out', async () => {
    const headers = { ...headersOf(await sessionOf()), 'X-Forwarded-For': '198.51.100.7' };
    const wrong = { password: 'not the one', code: '000000' };
    for (let i = 0; i < SOURCE_LOCKOUT.failures; i++) {
      await expectError(await post('passkeys/challenge', wrong, headers), 401, 'LOGIN_FAILED');
    }
    await expectError(await post('passkeys/challenge', confirmation(), headers), 429, 'LOCKED_OUT');
  });

  test('needs a session and its token', async () => {
    const { 'X-CSRF-Token': token, Cookie } = headersOf(await sessionOf());
    for (const path of ['passkeys/challenge', 'passkeys/add', 'passkeys/remove']) {
      await expectError(await post(path, {}), 401, 'NOT_LOGGED_IN');
      await expectError(await post(path, {}, { Cookie }), 403, 'FOREIGN_REQUEST');
      await expectError(
        await post(path, {}, { Cookie, 'X-CSRF-Token': token, Origin: 'https://evil.example' }),
        403,
        'FOREIGN_REQUEST',
      );
    }
  });

  test('with a challenge of another session, of a sign-in, or a second time, is refused', async () => {
    const key = new Authenticator(ORIGIN);
    const id = await sessionOf();
    const refused = (response: Response) => expectError(response, 400, 'PASSKEY_REFUSED');
    const other = await post('passkeys/challenge', confirmation(), headersOf(await sessionOf()));
    const { challenge } = await other.json();
    await refused(await post('passkeys/add', addBody(key, challenge), headersOf(id)));
    await refused(
      await post('passkeys/add', addBody(key, await challengeToSignIn()), headersOf(id)),
    );
    const { body, response } = await add(key, id);
    expect(response.status).toBe(201);
    await remove(key, id);
    await refused(await post('passkeys/add', body, headersOf(id)));
  });

  test('that is there, or does not check who is there, is refused with the reason', async () => {
    const { key } = await added();
    for (
      const [saying, reason] of [
        [{}, 'owner'],
        [{ flags: FLAG.UP | FLAG.AT }, 'user-verification'],
        [{ origin: 'https://evil.example' }, 'origin'],
      ] as const
    ) {
      const { response } = await add(key, await sessionOf(), saying);
      expect([response.status, (await response.json()).error]).toEqual([400, {
        code: 'PASSKEY_REFUSED',
        message: `The passkey was not added: ${reason}`,
      }]);
    }
  });

  test('names those there are, and wants a name that can be read', async () => {
    const { key } = await added();
    const id = await sessionOf();
    const { offer, body } = await add(new Authenticator(ORIGIN), id);
    expect(offer.exclude).toEqual([text(key.id)]);
    for (const name of ['', ' ', 'a\nb', 'x'.repeat(65), '\u202eevil', 7]) {
      await expectError(
        await post('passkeys/add', { ...body, name }, headersOf(id)),
        400,
        'INVALID_REQUEST',
      );
    }
  });
});

test('without an origin there are none, and those that were added let nobody in', async () => {
  const { key, handle } = await added();
  const challenge = await challengeToSignIn();
  const plain = startFake({}, undefined, { access: file });
  const at = (path: string) => new URL(`/console/api/${path}`, plain.server.url);
  expect(await (await fetch(at('passkey'))).json()).toEqual({ passkey: null });
  const body = JSON.stringify(signInBody(key, handle, challenge));
  const headers = headersOf(await sessionOf());
  await expectError(await plain.post('/console/api/passkey/login', body), 401, 'LOGIN_FAILED');
  await expectError(
    await plain.post('/console/api/passkeys/challenge', JSON.stringify(confirmation()), headers),
    400,
    'PASSKEY_REFUSED',
  );
  expect(await (await fetch(at('passkeys'), { headers })).json()).toMatchObject({ origin: null });
  await plain.server.stop();
});
