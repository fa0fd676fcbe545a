/** Rows of the ledger: what they say, how they count on, and that time under a licence never goes back. */
import { describe, expect, test } from 'bun:test';
import { DAY_MS } from '../../../../server/core/day.ts';
import { KeySet } from '../../../../server/core/keys/key-set.ts';
import { SigningKey } from '../../../../server/core/keys/signing-key.ts';
import { rowOf, type Transaction } from '../../../../server/core/ledger/ledger.ts';
import { makeReport, ReportSchema } from '../../../../server/core/ledger/report.ts';
import type { Licence } from '../../../../server/core/licence/format.ts';
import { Records } from '../../../../server/core/records.ts';
import { SqliteStore } from '../../../../server/core/store/sqlite-store.ts';
import { all } from '../../support/chains.ts';
import { claimsOf } from '../../support/licences.ts';

const NOON = Date.UTC(2026, 10, 26, 12);

function clocked(licence?: Licence, store = SqliteStore.open(':memory:')) {
  const clock = { ms: NOON };
  const records = new Records(store, { nowMs: () => clock.ms });
  const rows = async () =>
    (await all(records.store.read('ledger'))).map((record) => ({
      timeMs: record.timeMs,
      licence: record.topic,
      ...rowOf(record),
    }));
  return { clock, records, rows, open: () => records.ledger(licence) };
}

const transaction = (refid: string, changes: Partial<Transaction> = {}): Transaction => ({
  refid,
  action: 'MATCH121',
  outcome: 'answer',
  client: null,
  ...changes,
});

describe('a row', () => {
  test('says what was billed, under which licence, and nothing of a person', async () => {
    const { rows, open } = clocked(claimsOf());
    const ledger = await open();
    await ledger.bill(transaction('W-face-1', { client: 'app.example.org' }), 'valid');
    expect(await rows()).toEqual([{
      timeMs: NOON,
      licence: 'L-1',
      action: 'MATCH121',
      refid: 'W-face-1',
      outcome: 'answer',
      client: 'app.example.org',
      standing: 'valid',
      period: '-',
      used: 1,
    }]);
  });

  test('of a heartbeat counts nothing', async () => {
    const { rows, open } = clocked();
    const ledger = await open();
    await ledger.bill(transaction('a'), 'evaluation');
    await ledger.heartbeat('evaluation');
    expect((await rows()).map(({ action, used }) => [action, used])).toEqual([
      ['MATCH121', 1],
      ['HEARTBEAT', 1],
    ]);
    expect(ledger.usage.used).toBe(1);
  });
});

describe('what is used up', () => {
  test('is counted over restarts, for each licence by itself', async () => {
    const store = SqliteStore.open(':memory:');
    for (const [jti, used] of [['A', 2], ['B', 2], ['A', 4]] as const) {
      const ledger = await clocked(claimsOf({ jti }), store).open();
      await Promise.all([
        ledger.bill(transaction('1'), 'valid'),
        ledger.bill(transaction('2'), 'valid'),
      ]);
      expect(ledger.usage.used).toBe(used);
    }
  });

  test('begins anew with each month, also without a row in it', async () => {
    const volume = { transactions: 10, per: 'month', overage: 'refuse' } as const;
    const { clock, rows, open } = clocked(claimsOf({ volume }));
    const ledger = await open();
    await ledger.bill(transaction('a'), 'valid');
    await ledger.bill(transaction('b'), 'valid');
    expect(ledger.usage.used).toBe(2);
    clock.ms = Date.UTC(2026, 11, 1);
    expect(ledger.usage.used).toBe(0);
    await ledger.bill(transaction('c'), 'valid');
    expect((await rows()).map(({ period, used }) => [period, used])).toEqual([
      ['2026-11', 1],
      ['2026-11', 2],
      ['2026-12', 1],
    ]);
  });

  test('is right when another process counts in the same file', async () => {
    const store = SqliteStore.open(':memory:');
    const [one, other] = [
      await clocked(undefined, store).open(),
      await clocked(undefined, store).open(),
    ];
    await one.bill(transaction('1'), 'evaluation');
    await other.bill(transaction('2'), 'evaluation');
    await one.bill(transaction('3'), 'evaluation');
    expect(one.usage.used).toBe(3);
  });
});

describe('of several nodes', () => {
  const limited = (overage: 'refuse' | 'allow') =>
    claimsOf({ volume: { transactions: 3, per: 'licence', overage } });

  test('the volume is not exceeded, however much was let in at one time', async () => {
    const store = SqliteStore.open(':memory:');
    const { rows, open } = clocked(limited('refuse'), store);
    const nodes = [await open(), await clocked(limited('refuse'), store).open()];
    const bills = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => nodes[i % 2].bill(transaction(`${i}`), 'valid')),
    );
    const refused = bills.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(5);
    for (const { reason } of refused as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({
        code: 'LICENCE_INVALID',
        message: 'the licensed volume is used up',
      });
    }
    const written = await rows();
    expect(written.filter(({ action }) => action === 'MATCH121')).toHaveLength(3);
    expect(written.at(-1)).toMatchObject({ action: 'HEARTBEAT', refid: null, used: 3 });
    for (const node of nodes) expect(node.usage.used).toBe(3);
  });

  test('what goes beyond is counted where the licence allows it', async () => {
    const { rows, open } = clocked(limited('allow'));
    const ledger = await open();
    for (const refid of ['1', '2', '3', '4']) await ledger.bill(transaction(refid), 'overage');
    expect((await rows()).map(({ used }) => used)).toEqual([1, 2, 3, 4]);
  });

  test("what another has used is known without a row of one's own", async () => {
    const store = SqliteStore.open(':memory:');
    const { open } = clocked(undefined, store);
    const [one, other] = [await open(), await clocked(undefined, store).open()];
    await one.bill(transaction('1'), 'evaluation');
    expect(other.usage.used).toBe(0);
    await other.refresh(store);
    expect(other.usage).toEqual(one.usage);
  });
});

test('time does not go back under a licence, and the highest is known after a restart', async () => {
  const { clock, rows, open } = clocked(claimsOf());
  const ledger = await open();
  await ledger.bill(transaction('a'), 'valid');
  clock.ms = NOON - 60_000;
  await ledger.bill(transaction('b'), 'valid');
  expect((await rows()).map(({ timeMs }) => timeMs)).toEqual([NOON, NOON]);
  expect((await open()).usage.highestMs).toBe(NOON);
});

describe('a report', () => {
  test('counts by licence, day and action, and names the rows', async () => {
    const key = await SigningKey.generate();
    const keys = await KeySet.of(key.jwk);
    const { clock, records, open } = clocked(claimsOf());
    const ledger = await open();
    await ledger.bill(transaction('before'), 'valid');
    clock.ms += DAY_MS;
    await ledger.heartbeat('valid');
    for (const action of ['MATCH121', 'process', 'MATCH121'] as const) {
      await ledger.bill(transaction(action, { action }), 'valid');
    }
    clock.ms += DAY_MS;
    await ledger.bill(transaction('d', { action: 'DOCVAL1' }), 'valid');
    clock.ms += DAY_MS;
    await ledger.bill(transaction('after'), 'valid');

    const days = { from: '2026-11-27', to: '2026-11-28' };
    const report = await makeReport(records.store, keys, days, clock.ms);
    expect(ReportSchema.parse(report)).toEqual(report);
    expect(report.total).toBe(4);
    expect(report.transactions).toEqual([
      { licence: 'L-1', action: 'MATCH121', day: '2026-11-27', count: 2 },
      { licence: 'L-1', action: 'process', day: '2026-11-27', count: 1 },
      { licence: 'L-1', action: 'DOCVAL1', day: '2026-11-28', count: 1 },
    ]);
    const stored = await all(records.store.read('ledger'));
    expect(report.first).toMatchObject({ seq: 2, previous: stored[0].hash });
    expect(report.last).toMatchObject({ seq: 6, hash: stored[5].hash });
    expect(report.chain).toMatchObject({ intact: true, records: 7, last_hash: stored[6].hash });

    // reports of following days join
    const next = await makeReport(records.store, keys, { from: '2026-11-29', to: '2026-11-30' }, 0);
    expect(next.first?.previous).toBe(report.last?.hash ?? '');
  });

  test('of days without a row is empty', async () => {
    const { records } = clocked();
    const keys = await KeySet.of();
    const days = { from: '2026-01-01', to: '2026-01-31' };
    expect(await makeReport(records.store, keys, days, 0)).toMatchObject({
      total: 0,
      transactions: [],
      first: null,
      last: null,
    });
  });
});
