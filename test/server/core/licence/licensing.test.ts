/** Letting requests in: features, domains, volume, clocks; what is told and recorded of the licence. */
import { describe, expect, test } from 'bun:test';
import { createLogger } from '../../../../server/core/logging.ts';
import type { Licence } from '../../../../server/core/licence/format.ts';
import { type Demand, Licensing } from '../../../../server/core/licence/licensing.ts';
import { Records } from '../../../../server/core/records.ts';
import { SqliteStore } from '../../../../server/core/store/sqlite-store.ts';
import { all } from '../../support/chains.ts';
import { claimsOf, DAY_S, ISSUED_S, licensed } from '../../support/licences.ts';

const MATCH: Demand = { features: ['face-match'] };
const TRANSACTION = { refid: 'W-face-1', action: 'MATCH121', outcome: 'answer' } as const;
const from = (headers: Record<string, string>): Demand => ({
  ...MATCH,
  headers: new Headers(headers),
});

function refusal(licensing: Licensing, demand: Demand = MATCH) {
  try {
    licensing.admit(demand).release();
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
  return undefined;
}

describe('features', () => {
  test('that are off are refused by name', () => {
    const licensing = licensed({ features: ['face-match', 'docval'] });
    expect(refusal(licensing)).toBeUndefined();
    expect(refusal(licensing, { features: ['face-capture', 'face-match'] })).toEqual({
      code: 'LICENCE_INVALID',
      message: 'the licence does not include face-capture',
    });
  });
});

describe('domains', () => {
  const licensing = licensed({ domains: ['app.example.org', '*.example.net'] });

  test('need a Referer or an Origin', () => {
    expect(refusal(licensing, from({}))).toMatchObject({ code: 'REFERER_MISSING' });
    expect(refusal(licensing, from({ Origin: 'null' }))).toMatchObject({ code: 'REFERER_MISSING' });
    // of requests that need not come from anywhere nothing is asked
    expect(refusal(licensing)).toBeUndefined();
  });

  test.each<[Record<string, string>, string | undefined]>([
    [{ Origin: 'https://app.example.org' }, undefined],
    [{ Referer: 'https://APP.example.org:8443/page?x' }, undefined],
    [{ Referer: 'app.example.org' }, undefined],
    [{ Referer: 'https://a.b.example.net/' }, undefined],
    [{ Origin: 'https://other.example', Referer: 'https://app.example.org/' }, undefined],
    [{ Origin: 'https://other.example' }, 'LICENCE_INVALID'],
    [{ Referer: 'https://example.net/' }, 'LICENCE_INVALID'],
    [{ Referer: 'https://app.example.org.evil.example/' }, 'LICENCE_INVALID'],
    [{ Referer: 'https://evil.example/?app.example.org' }, 'LICENCE_INVALID'],
  ])('%p', (headers, code) => expect(refusal(licensing, from(headers))?.code).toBe(code));

  test('that are licensed stand in the ledger, never what the client wrote', async () => {
    const own = licensed({ domains: ['*.example.net'] });
    const pass = own.admit(from({ Referer: 'https://anna.example.net/eriksson' }));
    await pass.bill(TRANSACTION);
    const [row] = await all(own.records.store.read('ledger'));
    expect(JSON.parse(row.body).client).toBe('*.example.net');
  });

  test('are of no interest without a licence, or with one for no domain', () => {
    expect(refusal(Licensing.evaluation(), from({}))).toBeUndefined();
    expect(refusal(licensed(), from({ Origin: 'https://any.example' }))).toBeUndefined();
  });
});

describe('volume', () => {
  const volume = { transactions: 3, per: 'licence', overage: 'refuse' } as const;

  test('is never exceeded, however many are inside', async () => {
    const licensing = licensed({ volume });
    const passes = [1, 2, 3].map(() => licensing.admit(MATCH));
    expect(refusal(licensing)).toMatchObject({ message: 'the licensed volume is used up' });
    // one of them has come to nothing
    passes[0].release();
    passes[0].release();
    const last = licensing.admit(MATCH);
    expect(refusal(licensing)).toBeDefined();
    await Promise.all([passes[1], passes[2], last].map((pass) => pass.bill(TRANSACTION)));
    for (const pass of [passes[1], passes[2], last]) pass.release();
    expect(licensing.standing.status).toBe('volume-spent');
    expect(refusal(licensing)?.code).toBe('LICENCE_INVALID');
  });

  test('that may be exceeded is, and every answer says so', async () => {
    const licensing = licensed({ volume: { ...volume, overage: 'allow' } });
    for (let i = 0; i < 5; i++) await licensing.admit(MATCH).bill(TRANSACTION);
    expect(licensing.header).toBe('overage');
    const rows = await all(licensing.records.store.read('ledger'));
    expect(rows.map(({ body }) => JSON.parse(body).standing)).toEqual([
      'valid',
      'valid',
      'valid',
      'overage',
      'overage',
    ]);
  });
});

describe('over time', () => {
  function at(licence: Licence | undefined, store = SqliteStore.open(':memory:')) {
    const clock = { ms: (ISSUED_S + DAY_S) * 1000 };
    const lines: Record<string, unknown>[] = [];
    const log = createLogger('info', (line) => lines.push(JSON.parse(line)));
    const records = new Records(store, { nowMs: () => clock.ms, log });
    return { clock, lines, store, records, open: () => Licensing.open(records, licence, log) };
  }

  test('grace is in the header with its end, expiry refuses', async () => {
    const { clock, open } = at(claimsOf());
    const licensing = await open();
    expect(licensing.header).toBeUndefined();
    clock.ms = (ISSUED_S + 31 * DAY_S) * 1000;
    expect(licensing.header).toBe('grace; until=2026-12-11T00:00:00.000Z');
    expect(refusal(licensing)).toBeUndefined();
    clock.ms = (ISSUED_S + 40 * DAY_S) * 1000;
    expect(licensing.header).toBe('expired');
    expect(refusal(licensing)).toEqual({
      code: 'LICENCE_INVALID',
      message: 'the licence has expired',
    });
  });

  test('a clock that is set back is noticed, at once and after a restart', async () => {
    const licence = claimsOf();
    const { clock, store, open } = at(licence);
    clock.ms = (ISSUED_S + 20 * DAY_S) * 1000;
    const licensing = await open();
    await licensing.admit(MATCH).bill(TRANSACTION);
    clock.ms -= 2 * DAY_S * 1000;
    expect(refusal(licensing)).toMatchObject({ message: 'the clock was set back' });

    const later = at(licence, store);
    later.clock.ms = clock.ms;
    expect((await later.open()).standing.status).toBe('clock-rolled-back');
    later.clock.ms += 2 * DAY_S * 1000;
    expect((await later.open()).standing.status).toBe('valid');
  });

  test('a start alone leaves the time in the ledger', async () => {
    const licence = claimsOf();
    const { clock, store, open } = at(licence);
    clock.ms = (ISSUED_S + 20 * DAY_S) * 1000;
    await open();
    const back = at(licence, store);
    expect((await back.open()).standing.status).toBe('clock-rolled-back');
  });

  test('a new licence begins with its own time and volume', async () => {
    const { clock, store, open } = at(claimsOf());
    clock.ms = (ISSUED_S + 20 * DAY_S) * 1000;
    await open();
    const renewed = at(claimsOf({ jti: 'L-2' }), store);
    expect((await renewed.open()).standing.status).toBe('valid');
  });

  test('the trail has the licence, once while nothing changes', async () => {
    const { clock, records, open } = at(claimsOf());
    await open();
    await open();
    clock.ms = (ISSUED_S + 31 * DAY_S) * 1000;
    await open();
    const events = await all(records.store.read('audit'));
    expect(events.map(({ topic, body }) => [topic, JSON.parse(body).standing])).toEqual([
      ['licence', 'valid'],
      ['licence', 'grace'],
    ]);
    expect(JSON.parse(events[0].body)).toMatchObject({ id: 'L-1', customer: 'Bank of Utopia' });
  });

  test('the log warns of what does not last', async () => {
    const { clock, lines, open } = at(claimsOf());
    clock.ms = (ISSUED_S + 31 * DAY_S) * 1000;
    const licensing = await open();
    licensing.start();
    licensing.stop();
    expect(lines).toMatchObject([{ level: 'warn', event: 'licence', status: 'grace', id: 'L-1' }]);
  });
});

test('without a licence only addresses of this machine are listened on', () => {
  const evaluation = Licensing.evaluation();
  for (const host of ['127.0.0.1', '::1', 'localhost']) evaluation.checkAddress(host);
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'gatehouse.example']) {
    expect(() => evaluation.checkAddress(host)).toThrow('SERVER_CONFIG_PATH');
    licensed().checkAddress(host);
  }
});
