/** What becomes of audit records that are too old: gone for good, said so, and the rest can still be checked. */
import { afterAll, describe, expect, test } from 'bun:test';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Retention } from '../../../../server/core/audit/retention.ts';
import { walkStored } from '../../../../server/core/chain/walk.ts';
import { DAY_MS } from '../../../../server/core/day.ts';
import { KeySet } from '../../../../server/core/keys/key-set.ts';
import { SigningKey } from '../../../../server/core/keys/signing-key.ts';
import { createLogger } from '../../../../server/core/logging.ts';
import { Records } from '../../../../server/core/records.ts';
import { SqliteStore } from '../../../../server/core/store/sqlite-store.ts';
import { all, tamper, temporaryFolder } from '../../support/chains.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));
const key = await SigningKey.generate();
const keys = await KeySet.of(key.jwk);
let files = 0;

/** An installation whose clock the test sets; a day of it has so many records. */
class Site {
  nowMs = Date.UTC(2026, 0, 1);
  elapsedMs = 0;
  days: number | undefined = 30;
  readonly path = join(folder, `${files++}.db`);
  readonly store = SqliteStore.open(this.path);
  readonly lines: { event: string; records?: number; cause?: string }[] = [];
  readonly #clock = () => this.nowMs;
  readonly records = new Records(this.store, { signingKey: key, nowMs: this.#clock });
  readonly retention = new Retention({
    store: this.store,
    audit: this.records.audit,
    key,
    log: createLogger('info', (line) => this.lines.push(JSON.parse(line))),
    keepDays: () => this.days,
    nowMs: this.#clock,
    monotonicMs: () => this.elapsedMs,
  });

  async live(days: number, perDay = 3): Promise<void> {
    for (let day = 0; day < days; day++) {
      const name = `admin-of-day-${new Date(this.nowMs).toISOString()}`;
      await Promise.all(
        Array.from(
          { length: perDay },
          () =>
            this.records.audit.record({ kind: 'console-login', by: 'password' }, {
              type: 'admin',
              name,
            }),
        ),
      );
      await this.records.checkpoint();
      this.nowMs += DAY_MS;
      this.elapsedMs += DAY_MS;
    }
  }

  walk() {
    return walkStored(this.store, 'audit', keys);
  }
}

test('nothing is deleted unless somebody says for how long to keep it', async () => {
  const site = new Site();
  site.days = undefined;
  await site.live(100);
  await site.retention.run();
  expect(await site.walk()).toMatchObject({ intact: true, prunedTo: 0, records: 300 });
});

describe('records that are older', () => {
  test('are deleted, the rest is intact, and the trail says what is gone', async () => {
    const site = new Site();
    await site.live(40);
    await site.retention.run();
    // forty days, thirty of them kept, and the record of the deletion
    expect(await site.walk()).toMatchObject({ intact: true, prunedTo: 30, records: 91 });
    const [oldest, ...others] = await all(site.store.read('audit'));
    expect(oldest.timeMs).toBe(site.nowMs - 30 * DAY_MS);
    const last = others.at(-1)!;
    expect([last.topic, JSON.parse(last.body)]).toEqual(['audit-pruned', {
      actor: { type: 'server' },
      before: new Date(site.nowMs - 30 * DAY_MS).toISOString(),
      to: 30,
    }]);
    expect(site.lines).toMatchObject([{ event: 'audit-pruned', records: 30 }]);
  });

  test('are deleted about once a day, and again and again', async () => {
    const site = new Site();
    await site.live(40);
    await site.retention.run();
    const { lastHash } = await site.walk();
    await site.retention.run();
    expect((await site.walk()).lastHash).toBe(lastHash);
    await site.live(2);
    await site.retention.run();
    expect(await site.walk()).toMatchObject({ intact: true, prunedTo: 36 });
  });

  test('are nowhere in the file any more', async () => {
    const site = new Site();
    await site.live(40);
    await site.retention.run();
    await site.records.close();
    const bytes = readFileSync(site.path, 'latin1');
    expect(bytes).not.toContain('admin-of-day-2026-01-10');
    expect(bytes).toContain('admin-of-day-2026-01-11');
  });

  test('are deleted in batches while new ones come', async () => {
    const site = new Site();
    await site.live(2, 2500);
    await site.live(40, 1);
    const pruning = site.retention.run();
    for (let i = 0; i < 8; i++) {
      await site.records.audit.record({ kind: 'server-stopped' });
      // whoever checks meanwhile finds it whole
      expect((await site.walk()).intact).toBe(true);
      await Bun.sleep(10);
    }
    await pruning;
    expect(await site.walk()).toMatchObject({ intact: true, prunedTo: 5010 });
  });

  test('of the ledger stay', async () => {
    const site = new Site();
    const ledger = site.records.newLedger();
    await ledger.heartbeat('evaluation');
    await site.live(40);
    await site.retention.run();
    expect(await all(site.store.read('ledger'))).toHaveLength(1);
  });
});

describe('nothing is deleted', () => {
  test('by a clock that was set, forward or back', async () => {
    for (const jumpMs of [400 * DAY_MS, -2_000_000]) {
      const site = new Site();
      await site.live(40);
      site.nowMs += jumpMs;
      await site.retention.run();
      expect(await site.walk()).toMatchObject({ prunedTo: 0, records: 120 });
      expect(site.lines).toMatchObject([{
        event: 'audit-not-pruned',
        cause: 'the clock was set since the start',
      }]);
    }
  });

  test('when that cannot be recorded', async () => {
    const site = new Site();
    await site.live(40);
    tamper(
      site.path,
      `CREATE TRIGGER audit_full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END`,
    );
    await site.retention.run();
    expect(await site.walk()).toMatchObject({ intact: true, prunedTo: 0, records: 120 });
    expect(site.lines).toMatchObject([{ event: 'audit-not-pruned' }]);
  });

  test('of the newest record, whoever asks', async () => {
    const site = new Site();
    await site.live(1);
    const start = { chain: 'audit', seq: 3, jws: '' } as const;
    expect(site.store.prune(start)).rejects.toThrow('its newest record is 3, and stays');
    expect((await site.walk()).records).toBe(3);
  });
});
