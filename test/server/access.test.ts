/** API keys over HTTP: who gets in, in whose words others are refused, and what is logged of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { AccessFile } from '../../server/core/access/access-file.ts';
import { KEY_LOCKOUT } from '../../server/core/access/lockout.ts';
import { KeyStore, type KeyTerms } from '../../server/core/access/key-store.ts';
import { readRate } from '../../server/core/access/rate.ts';
import type { Scope } from '../../server/core/access/scopes.ts';
import { rowOf } from '../../server/core/ledger/ledger.ts';
import { all } from './support/chains.ts';
import { base64, picture } from './support/fake-faces.ts';
import { licensed } from './support/licences.ts';
import { type Running, startFake } from './support/running.ts';

const SELFIE = '/api/v1/matchWithSelfie';
const image = { template: base64(picture('face 0')), format: 'JPEG' };
const MATCH = { image, imageToVerifyAgainst: image, level: 'HIGH' };

const file = AccessFile.open(':memory:');
const keys = new KeyStore(file);
async function made(scopes: Scope[], terms: Partial<KeyTerms> = {}): Promise<string> {
  const all = { name: 'teller', scopes, rate: undefined, expiresMs: undefined, ...terms };
  return (await keys.create(all, Date.now())).text;
}
const idOf = (key: string) => key.split('_')[1];
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const owner = await made(['match', 'liveness', 'templates', 'docval']);

let running: Running;
beforeAll(() => {
  running = startFake({ trustedProxies: '127.0.0.1' }, undefined, { access: file });
});
afterAll(() => running.server.stop());
beforeEach(() => {
  running.lines.length = 0;
});

async function expectRefusal(
  response: Response,
  http: number,
  feedbackCode: string,
  code: number,
): Promise<void> {
  expect(response.status).toBe(http);
  const body = await response.json();
  expect(body).toMatchObject({ feedbackCode, code });
  expect(body.refid).toMatch(/^W-face-/);
}

describe('a request with a key', () => {
  test('is answered, and the log has the name of the client and nothing of the key', async () => {
    const shown: Record<string, string>[] = [
      bearer(owner),
      { 'X-API-Key': owner },
      {
        authorization: `bearer  ${owner}`,
      },
    ];
    for (const headers of shown) {
      expect((await running.post(SELFIE, MATCH, headers)).status).toBe(200);
    }
    expect(running.lines.map(({ caller }) => caller)).toEqual(['teller', 'teller', 'teller']);
    for (const part of owner.split('_').slice(1)) expect(running.text.join('')).not.toContain(part);
  });

  test('that is expired, revoked, wrong or malformed gets one and the same answer', async () => {
    const expired = await made(['match'], { expiresMs: Date.now() - 1 });
    const revoked = await made(['match']);
    await keys.revoke(idOf(revoked), Date.now());
    const wrong = `${owner.slice(0, -1)}${owner.endsWith('A') ? 'B' : 'A'}`;
    const bodies = new Set<string>();
    for (const key of [expired, revoked, wrong, 'gh_', 'gh_x', `${owner}A`]) {
      const response = await running.post(SELFIE, MATCH, bearer(key));
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      const { refid: _, ...body } = await response.clone().json();
      bodies.add(JSON.stringify(body));
      await expectRefusal(response, 401, 'ERROR_UNAUTHORIZED', 611);
    }
    expect(bodies.size).toBe(1);
    expect(running.lines.map(({ cause }) => cause)).toEqual([
      expect.stringMatching(/^KEY_REFUSED: key [0-9a-f]{12} of teller is expired$/),
      expect.stringMatching(/^KEY_REFUSED: key [0-9a-f]{12} of teller is revoked$/),
      ...Array(4).fill('KEY_REFUSED: the API key is unknown or wrong'),
    ]);
  });

  test('that is for something else is forbidden', async () => {
    const response = await running.post(SELFIE, MATCH, bearer(await made(['liveness', 'docval'])));
    await expectRefusal(response, 403, 'ERROR_FORBIDDEN', 612);
  });

  test('beyond its rate is told when to come back, and so is another key of the client', async () => {
    const rate = readRate('2/min')!;
    const [first, second] = [
      await made(['match'], { name: 'fast', rate }),
      await made(['match'], { name: 'fast', rate }),
    ];
    for (const key of [first, second]) {
      expect((await running.post(SELFIE, MATCH, bearer(key))).status).toBe(200);
    }
    for (const key of [first, second]) {
      const response = await running.post(SELFIE, MATCH, bearer(key));
      const seconds = Number(response.headers.get('retry-after'));
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(30);
      await expectRefusal(response, 429, 'ERROR_TOO_MANY_REQUESTS', 613);
    }
    expect((await running.post(SELFIE, MATCH, bearer(owner))).status).toBe(200);
  });

  test('that is revoked while the server runs is refused from then on', async () => {
    const key = await made(['match']);
    expect((await running.post(SELFIE, MATCH, bearer(key))).status).toBe(200);
    await keys.revoke(idOf(key), Date.now());
    expect((await running.post(SELFIE, MATCH, bearer(key))).status).toBe(401);
  });
});

describe('a request without a key', () => {
  test('is refused before its body is read, once there are keys', async () => {
    const response = await running.post(SELFIE, MATCH);
    await expectRefusal(response, 401, 'ERROR_UNAUTHORIZED', 611);
    expect(running.lines).toMatchObject([{
      bytes_in: 0,
      cause: expect.stringContaining('KEY_MISSING'),
    }]);
  });

  test('gets what SDKs ask for, health and pages', async () => {
    for (const path of ['/api/v1/time', '/api/v1/models']) {
      expect((await running.post(path, '')).status).not.toBe(401);
    }
    for (const path of ['/api/v1/face_health', '/.well-known/jwks.json', '/playground/info']) {
      expect((await fetch(new URL(path, running.server.url))).status).not.toBe(401);
    }
  });

  test('with the token of somebody else counts as one without', async () => {
    const response = await running.post(SELFIE, MATCH, { Authorization: 'Bearer eyJhbGciOi' });
    expect((await response.json()).message).toStartWith('An API key is needed');
  });

  test('is let in on this machine while there are no keys', async () => {
    const open = startFake({}, undefined, { access: AccessFile.open(':memory:') });
    expect((await open.post(SELFIE, MATCH)).status).toBe(200);
    expect((await open.post(SELFIE, MATCH, bearer(owner))).status).toBe(401);
    await open.server.stop();
  });

  test('is refused on this machine where keys are required, and let in where they are optional', async () => {
    const none = { access: AccessFile.open(':memory:') };
    const required = startFake({ apiKeys: 'required' }, undefined, none);
    const optional = startFake({ apiKeys: 'optional' }, undefined, { access: file });
    expect((await required.post(SELFIE, MATCH)).status).toBe(401);
    expect((await optional.post(SELFIE, MATCH)).status).toBe(200);
    expect((await optional.post(SELFIE, MATCH, bearer('gh_wrong'))).status).toBe(401);
    expect((await optional.post(SELFIE, MATCH, bearer(owner))).status).toBe(200);
    expect(optional.lines.at(-1)).toMatchObject({ caller: 'teller' });
    await Promise.all([required.server.stop(), optional.server.stop()]);
  });

  test('is let in where the scope is open, if all that it needs are', async () => {
    const open = startFake({ openScopes: 'match,liveness' }, undefined, { access: file });
    expect((await open.post(SELFIE, MATCH)).status).toBe(200);
    const generate = { image: image.template, qualityMode: 'ENROL' };
    expect((await open.post('/api/v1/face/generateTemplateFromImage', generate)).status).toBe(401);
    await open.server.stop();
  });
});

describe('every endpoint that computes', () => {
  const guarded: [string, Scope][] = [
    [SELFIE, 'match'],
    ['/api/v1/matchWithPictureId', 'match'],
    ['/playground/compare', 'match'],
    ['/api/v1/face/as', 'liveness'],
    ['/api/v1/face/generateTemplateFromImage', 'templates'],
    ['/v4/validate', 'docval'],
  ];
  test.each(guarded)('%s needs a key, and one for %s', async (path, scope) => {
    const others = (['match', 'liveness', 'templates', 'docval', 'metrics'] as const)
      .filter((other) => other !== scope);
    const without = await running.post(path, {});
    expect(without.status).toBe(401);
    expect(without.headers.get('www-authenticate')).toBe('Bearer');
    const other = await running.post(path, {}, bearer(await made(others)));
    expect([403, 401]).toContain(other.status);
    const right = await running.post(path, {}, bearer(await made([scope])));
    expect([401, 403, 429]).not.toContain(right.status);
  });
});

describe('other families say it in their own words', () => {
  test('DocVal', async () => {
    const response = await running.post('/v4/validate', {});
    expect(await response.json()).toEqual({
      error: { code: 'UNAUTHORIZED', message: expect.stringContaining('An API key is needed') },
    });
    const forbidden = await running.post('/v4/validate', {}, bearer(await made(['match'])));
    expect(forbidden.status).toBe(403);
    expect((await forbidden.json()).error.code).toBe('FORBIDDEN');
    const rate = readRate('1/h')!;
    const slow = bearer(await made(['docval'], { name: 'slow', rate }));
    await running.post('/v4/validate', {}, slow);
    const late = await running.post('/v4/validate', {}, slow);
    expect(late.status).toBe(429);
    expect(late.headers.get('retry-after')).toBe('3600');
    expect((await late.json()).error.code).toBe('TOO_MANY_REQUESTS');
    expect(running.lines[0]).toMatchObject({ event: 'docval-session', outcome: 'UNAUTHORIZED' });
  });

  test('the compare page', async () => {
    const response = await running.post('/playground/compare', {});
    expect((await response.json()).error.code).toBe('KEY_REFUSED');
    const forbidden = await running.post('/playground/compare', {}, bearer(await made(['docval'])));
    expect(forbidden.status).toBe(403);
  });
});

describe('a source of many wrong keys', () => {
  const from = (address: string, key: string) =>
    running.post(SELFIE, MATCH, { ...bearer(key), 'X-Forwarded-For': address });
  const lockOut = async (address: string) => {
    for (let i = 0; i < KEY_LOCKOUT.failures; i++) {
      expect((await from(address, 'gh_wrong')).status).toBe(401);
    }
  };

  test('is locked out, even with a right key, while others are not', async () => {
    await lockOut('198.51.100.7');
    const locked = await from('198.51.100.7', owner);
    const seconds = Number(locked.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(KEY_LOCKOUT.firstLockMs / 1000);
    await expectRefusal(locked, 429, 'ERROR_TOO_MANY_REQUESTS', 613);
    expect((await from('198.51.100.8', owner)).status).toBe(200);
    expect(running.lines.find(({ event }) => event === 'locked-out')).toMatchObject({
      level: 'warn',
      source: '198.51.100.7',
      seconds: KEY_LOCKOUT.firstLockMs / 1000,
    });
  });

  test('does not get away by what it writes in front of its address', async () => {
    await lockOut('203.0.113.1');
    expect((await from('192.0.2.77, 203.0.113.1', owner)).status).toBe(429);
    expect((await from('203.0.113.1, 203.0.113.2', owner)).status).toBe(200);
  });

  test('is not locked out for a key that has expired: a client in need of a new one is no guesser', async () => {
    const expired = await made(['match'], { expiresMs: Date.now() - 1 });
    for (let i = 0; i <= KEY_LOCKOUT.failures; i++) {
      expect((await from('198.51.100.99', expired)).status).toBe(401);
    }
    expect((await from('198.51.100.99', owner)).status).toBe(200);
  });

  test('that looks like this machine is not locked out: a proxy that nobody named looks the same', async () => {
    const unnamed = startFake({}, undefined, { access: file });
    const headers = { ...bearer('gh_wrong'), 'X-Forwarded-For': '198.51.100.7' };
    for (let i = 0; i <= KEY_LOCKOUT.failures; i++) await unnamed.post(SELFIE, MATCH, headers);
    expect((await unnamed.post(SELFIE, MATCH, bearer(owner))).status).toBe(200);
    await unnamed.server.stop();
  });
});

test('no header makes the server fail or let somebody in', async () => {
  const open = startFake({}, undefined, { access: file });
  const visible = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
  });
  const value = fc.oneof(
    visible,
    visible.map((text) => `Bearer ${text}`),
    visible.map((text) => `Bearer gh_${text}`),
  );
  await fc.assert(
    fc.asyncProperty(value, value, async (authorization, apiKey) => {
      const headers = { Authorization: authorization, 'X-API-Key': apiKey };
      expect((await open.post(SELFIE, MATCH, headers)).status).toBe(401);
    }),
    { numRuns: 200 },
  );
  await open.server.stop();
});

test('the ledger says who asked, by the name of the client', async () => {
  const licensing = licensed();
  const billed = startFake({}, undefined, { access: file, licensing });
  await billed.post(SELFIE, MATCH, bearer(owner));
  const rows = (await all(licensing.records.store.read('ledger'))).map(rowOf);
  expect(rows).toContainEqual(expect.objectContaining({ action: 'MATCH121', client: 'teller' }));
  expect(JSON.stringify(rows)).not.toContain(owner.split('_')[2]);
  await billed.server.stop();
});

test('storage that fails lets nobody in', async () => {
  const file = AccessFile.open(':memory:');
  const failing = startFake({}, undefined, { access: file });
  file.close();
  expect((await failing.post(SELFIE, MATCH)).status).toBe(500);
  expect((await failing.post(SELFIE, MATCH, bearer(owner))).status).toBe(500);
  await failing.server.stop();
});

test('pages of other origins may send a key', async () => {
  const cors = startFake({ corsOrigins: 'https://bank.example' }, undefined, { access: file });
  const preflight = await fetch(new URL(SELFIE, cors.server.url), {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://bank.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,x-api-key',
    },
  });
  expect(preflight.status).toBe(204);
  const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase();
  expect(allowed).toContain('x-api-key');
  expect(allowed).toContain('authorization');
  await cors.server.stop();
});
