/** The console's API over real HTTP: what it shows, to whom, and what it keeps to itself. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { licenceAnswer } from '../../../server/console/licence.ts';
import { Licensing } from '../../../server/core/licence/licensing.ts';
import { homePages } from '../../../server/web/mod.ts';
import { cookieOf, issueKeys, SECRETS, startWatched, type Watched } from '../support/console.ts';
import { base64, picture } from '../support/fake-faces.ts';
import { startFake } from '../support/running.ts';

const VIEWS = ['overview', 'trust', 'models', 'licence', 'audit', 'clients', 'keys', 'settings'];
const SELFIE = '/api/v1/matchWithSelfie';

let running: Watched;
beforeAll(async () => {
  running = await startWatched(homePages);
});
afterAll(() => running.server.stop());

const get = (path: string, init: RequestInit = {}) =>
  fetch(new URL(path, running.server.url), {
    ...init,
    headers: { Cookie: cookieOf(running.session), ...init.headers as Record<string, string> },
  });
async function view(name: string) {
  const response = await get(`/console/api/${name}`);
  expect([name, response.status]).toEqual([name, 200]);
  return await response.json();
}
const image = (says: string) => ({ template: base64(picture(says)), format: 'JPEG' });

describe('who has not logged in', () => {
  test.each([['nothing', {}], ['another session', { Cookie: cookieOf('A'.repeat(43)) }]])(
    'and shows %s sees no view',
    async (_, headers) => {
      for (const name of VIEWS) {
        const response = await fetch(new URL(`/console/api/${name}`, running.server.url), {
          headers,
        });
        expect([name, response.status]).toEqual([name, 401]);
        expect((await response.json()).error.code).toBe('NOT_LOGGED_IN');
      }
    },
  );

  test('finds no views where nobody can log in', async () => {
    const { server } = startFake({}, homePages);
    for (const name of VIEWS) {
      expect((await fetch(new URL(`/console/api/${name}`, server.url))).status).toBe(404);
    }
    await server.stop();
  });
});

describe('a session', () => {
  test('is kept alive by what somebody asks for, and not by the page that renews itself', async () => {
    const seen = async () =>
      (await running.access.one<{ seen_ms: number }>('SELECT seen_ms FROM session'))?.seen_ms;
    const minuteAgo = Date.now() - 60_000;
    await running.access.run('UPDATE session SET seen_ms = ?', minuteAgo);
    await view('overview');
    expect(await seen()).toBe(minuteAgo);
    await view('clients');
    expect(await seen()).toBeGreaterThan(minuteAgo);
  });
});

describe('every view', () => {
  test('is for reading alone, for nobody to keep, and for no other origin', async () => {
    for (const name of VIEWS) {
      const path = `/console/api/${name}`;
      const read = await get(path, { headers: { Origin: 'https://evil.example' } });
      expect(read.headers.get('cache-control')).toBe('no-store');
      expect(read.headers.get('access-control-allow-origin')).toBeNull();
      expect(read.headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect((await get(path, { method: 'POST' })).status).toBe(405);
    }
  });

  test('keeps secrets of clients to itself', async () => {
    for (const name of VIEWS) {
      const text = JSON.stringify(await view(name));
      for (const secret of SECRETS) expect(text).not.toContain(secret);
    }
  });

  test('is no endpoint of the described API', async () => {
    expect(await (await get('/openapi.json')).text()).not.toContain('/console');
  });
});

describe('the overview', () => {
  test('counts requests, outcomes and liveness scores, and not those of the console', async () => {
    await running.post(SELFIE, {
      image: image('face 0'),
      imageToVerifyAgainst: image('face 0'),
      level: 'HIGH',
    });
    await running.post(SELFIE, {});
    await running.post('/api/v1/face/as', {
      image: base64(picture('face 0 1 0.83')),
      threshold: 'LOW',
    });
    await get('/healthz');
    const overview = await view('overview');
    expect(overview).toMatchObject({
      windowS: 900,
      panels: ['settings'],
      engine: { ready: true, idle: 3, busy: 1, writtenOff: 0, restarts: 0 },
      current: { queued: 0, busy: 1 },
    });
    expect(overview.endpoints).toEqual([
      expect.objectContaining({ endpoint: SELFIE, requests: 2, refused: 1, failed: 0 }),
      expect.objectContaining({ endpoint: '/api/v1/face/as', requests: 1, refused: 0 }),
    ]);
    expect(overview.current.perSecond).toBeGreaterThan(0);
    expect(overview.current.p99Ms).toBeGreaterThan(0);
    expect(overview.outcomes.match).toEqual([{ name: 'HIGHEST', recent: 1, sinceStart: 1 }]);
    expect(overview.outcomes.liveness).toEqual([{ name: 'live', recent: 1, sinceStart: 1 }]);
    const { bounds, sinceStart } = overview.livenessScores;
    const filled = sinceStart.flatMap((count: number, i: number) => count > 0 ? [i] : []);
    expect(filled.map((i: number) => bounds[i])).toEqual([0.85]);
  });
});

describe('the trust store', () => {
  test('says of each certificate where it is in its life, by country', async () => {
    const { certificates, crls, readable } = await view('trust');
    expect(readable).toBe(true);
    const facts = certificates.map((one: Record<string, string>) => [one.country, one.validity]);
    expect(facts).toEqual([
      ['DE', 'within-90-days'],
      ['DE', 'valid'],
      ['FR', 'within-30-days'],
      ['NL', 'expired'],
      ['UT', 'valid'],
    ]);
    expect(certificates[0]).toMatchObject({ kind: 'csca', subject: 'C=DE, CN=CSCA DE 2' });
    expect(crls).toEqual([
      expect.objectContaining({ country: 'DE', ageDays: 12, due: false, revoked: 2 }),
      expect.objectContaining({ country: 'FR', ageDays: 100, due: true, revoked: 2 }),
    ]);
  });
});

describe('the models', () => {
  test('come with networks, calibration, supported levels and cards', async () => {
    const { pack, networks, matching, liveness, cards } = await view('models');
    expect(pack).toMatchObject({ name: 'default', version: '1.2.3', signed: true });
    expect(networks[0]).toMatchObject({ task: 'embedder', input: '150 x 150 RGB', licence: 'MIT' });
    expect(matching.points.length).toBe(7);
    expect(liveness.evidence).toBe('synthetic');
    expect(liveness.levels.some(({ supported }: { supported: boolean }) => supported)).toBe(true);
    expect(cards.map(({ text }: { text: string }) => text.split('\n')[0])).toEqual([
      '# dlib face recognition ResNet',
      '# Presentation attack detection on one picture (pixel measures, no network)',
    ]);
  });

  test('are not there before they are loaded', async () => {
    const { info } = Object.assign(running.faces, { pack: undefined }) as { info?: object };
    expect(info).toBeDefined();
    const response = await get('/console/api/models');
    expect([response.status, (await response.json()).error.code]).toEqual([503, 'BUSY']);
  });
});

describe('licence, audit trail, clients and settings', () => {
  test('the licence is shown with what is used of it', async () => {
    const { status, licence, used } = await view('licence');
    expect([status, licence.id, licence.customer]).toEqual(['valid', 'L-1', 'Bank of Utopia']);
    expect(licence.volume).toEqual({ transactions: 1000, per: 'month', overage: 'allow' });
    expect(used).toBeGreaterThan(0);
  });

  test('without a licence the server is on evaluation', () => {
    const answer = licenceAnswer(Licensing.evaluation());
    expect(answer).toMatchObject({
      status: 'evaluation',
      answers: true,
      licence: null,
      until: null,
    });
  });

  test('the trail is searched by text', async () => {
    const { records } = await view('audit?text=BANK');
    expect(records).toEqual([
      expect.objectContaining({ kind: 'docval-session', actor: 'client bank' }),
    ]);
  });

  test.each(['before=0', 'before=x', 'before=1e3', `text=${'a'.repeat(201)}`, 'other=1'])(
    'a wrong query (%.12s) is refused',
    async (query) => {
      const response = await get(`/console/api/audit?${query}`);
      expect([response.status, (await response.json()).error.code]).toEqual([
        400,
        'INVALID_REQUEST',
      ]);
    },
  );

  test('clients are there by name', async () => {
    expect(await view('clients')).toEqual([
      {
        name: 'bank',
        returnResult: false,
        resultServer: 'https://results.bank.example',
        documentTypes: ['TD3'],
        issuingStates: ['D', 'UTO'],
      },
      {
        name: 'kiosk',
        returnResult: true,
        resultServer: null,
        documentTypes: [],
        issuingStates: [],
      },
    ]);
  });

  test('API keys are there without what lets anybody in, those that end soon first', async () => {
    const other = await startWatched();
    const secrets = await issueKeys(other);
    const headers = { Cookie: cookieOf(other.session) };
    const text = await (await fetch(new URL('/console/api/keys', other.server.url), { headers }))
      .text();
    const keys = JSON.parse(text);
    expect(keys.map(({ name, state }: Record<string, string>) => [name, state])).toEqual([
      ['teller', 'within-30-days'],
      ['branch', 'valid'],
      ['kiosk', 'valid'],
      ['pilot', 'expired'],
      ['lost', 'revoked'],
    ]);
    expect(keys[0]).toEqual({
      id: expect.any(String),
      name: 'teller',
      scopes: ['match', 'docval'],
      rate: '50/s',
      created: expect.stringMatching(/Z$/),
      expires: expect.stringMatching(/Z$/),
      state: 'within-30-days',
    });
    expect([keys[2].rate, keys[2].expires]).toEqual([null, null]);
    for (const secret of secrets) expect(text).not.toContain(secret);
    await other.server.stop();
  });

  test('settings are left out where the server has none to show', async () => {
    const plain = await startWatched(undefined, { settings: undefined });
    const headers = { Cookie: cookieOf(plain.session) };
    const ask = (name: string) =>
      fetch(new URL(`/console/api/${name}`, plain.server.url), { headers });
    expect((await (await ask('overview')).json()).panels).toEqual([]);
    expect((await ask('settings')).status).toBe(404);
    await plain.server.stop();
  });
});
