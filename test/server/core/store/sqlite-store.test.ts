/** The SQLite store: what is appended stays, in order, linked, whoever else writes. */
import { afterAll, describe, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENESIS, hashOf } from '../../../../server/core/chain/link.ts';
import { walkStored } from '../../../../server/core/chain/walk.ts';
import { KeySet } from '../../../../server/core/keys/key-set.ts';
import { SqliteStore } from '../../../../server/core/store/sqlite-store.ts';
import { all, draft, tamper, temporaryFolder } from '../../support/chains.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = (): string => join(folder, `${files++}`, 'gatehouse.db');

describe('records', () => {
  test('are numbered and linked, each chain by itself', async () => {
    const store = SqliteStore.open(':memory:');
    const stored = await store.append([draft('a'), draft('b', 'ledger'), draft('c')]);
    expect(stored.map(({ seq }) => seq)).toEqual([1, 1, 2]);
    expect(stored.map(({ previous }) => previous)).toEqual([GENESIS, GENESIS, stored[0].hash]);
    const [next] = await store.append([draft('d')]);
    expect([next.seq, next.previous]).toEqual([3, stored[2].hash]);
    for (const record of [stored[0], stored[2], next]) {
      expect(record.hash).toBe(hashOf('audit', record) ?? '');
    }
    expect(await all(store.read('audit'))).toEqual([stored[0], stored[2], next]);
  });

  test('are found by topic', async () => {
    const store = SqliteStore.open(':memory:');
    const drafts = ['a', 'b', 'a', 'c'].map((topic, i) => draft(String(i), 'audit', topic));
    const stored = await store.append(drafts);
    expect(await store.newest('audit', 'a')).toEqual(stored[2]);
    expect(await store.newest('audit')).toEqual(stored[3]);
    expect(await store.newest('audit', 'd')).toBeUndefined();
    expect(await store.newest('ledger')).toBeUndefined();
  });

  test('are read back from the newest, or from one on', async () => {
    const store = SqliteStore.open(':memory:');
    const drafts = Array.from({ length: 2500 }, (_, i) => draft(String(i)));
    const stored = await store.append(drafts);
    expect(await all(store.readBack('audit'))).toEqual(stored.toReversed());
    expect(await all(store.readBack('audit', 3))).toEqual([stored[1], stored[0]]);
    expect(await all(store.readBack('ledger'))).toEqual([]);
  });

  test('may depend on the newest of their topic, also inside one batch', async () => {
    const store = SqliteStore.open(':memory:');
    const count = (topic: string) => ({
      chain: 'ledger' as const,
      topic,
      make: (newest?: { body: string }) => ({
        timeMs: 1,
        body: String(Number(newest?.body ?? 0) + 1),
      }),
    });
    await store.append([count('x'), count('y'), count('x')]);
    const stored = await store.append([count('x'), count('y')]);
    expect(stored.map(({ body }) => body)).toEqual(['3', '2']);
  });

  test('are read page by page, and there at the next start', async () => {
    const path = newPath();
    const store = SqliteStore.open(path);
    await store.append(Array.from({ length: 2500 }, (_, i) => draft(String(i))));
    store.close();
    const again = SqliteStore.open(path);
    const seqs = (await all(again.read('audit'))).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 2500 }, (_, i) => i + 1));
    again.close();
  });

  test('are stored all or none', async () => {
    const store = SqliteStore.open(':memory:');
    const bad = {
      ...draft('x'),
      make() {
        throw new Error('no');
      },
    };
    await expect(store.append([draft('a'), bad])).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    const lines = { ...draft('x'), make: () => ({ timeMs: 1, body: 'two\nlines' }) };
    await expect(store.append([draft('a'), lines])).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
    });
    expect(await all(store.read('audit'))).toEqual([]);
    await store.append([draft('b')]);
    expect(await all(store.read('audit'))).toHaveLength(1);
  });

  test('of several processes make one chain', async () => {
    const path = newPath();
    const script = join(import.meta.dir, '../../support/append-process.ts');
    const writers = Array.from(
      { length: 4 },
      () => Bun.spawn([process.execPath, script, path, '100'], { stderr: 'inherit' }).exited,
    );
    expect(await Promise.all(writers)).toEqual([0, 0, 0, 0]);
    const store = SqliteStore.open(path);
    const walk = await walkStored(store, 'audit', await KeySet.of());
    expect(walk).toMatchObject({ intact: true, records: 400 });
    store.close();
  }, 60_000);

  test('cannot be changed or taken out by a plain statement', async () => {
    const path = newPath();
    const store = SqliteStore.open(path);
    await store.append([draft('a'), draft('b', 'ledger')]);
    const database = new Database(path);
    for (const chain of ['audit', 'ledger']) {
      expect(() => database.run(`UPDATE ${chain} SET body = '{}'`)).toThrow('only grows');
      expect(() => database.run(`DELETE FROM ${chain}`)).toThrow('only grows');
    }
    database.close();
    store.close();
  });
});

describe('the file', () => {
  test('is for its owner alone, with what lies beside it', async () => {
    const path = newPath();
    const store = SqliteStore.open(path);
    await store.append([draft('a')]);
    for (const suffix of ['', '-wal', '-shm']) {
      expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
    }
    store.close();
  });

  test('that is missing is an error where it has to be there', () => {
    const path = newPath();
    expect(() => SqliteStore.open(path, { create: false })).toThrow(`${path}: no such file`);
  });

  test('that is no database, or one of a newer program, is named', () => {
    const path = newPath();
    SqliteStore.open(path).close();
    tamper(path, 'PRAGMA user_version = 99');
    expect(() => SqliteStore.open(path)).toThrow('schema 99');
    writeFileSync(path, 'no database, but long enough to look at: '.repeat(100));
    expect(() => SqliteStore.open(path)).toThrow(path);
  });

  test('below a file cannot be made', () => {
    const path = join(folder, 'plain');
    writeFileSync(path, '');
    expect(() => SqliteStore.open(join(path, 'gatehouse.db'))).toThrow(path);
  });
});

test('checkpoints come back in order, each once', async () => {
  const store = SqliteStore.open(':memory:');
  for (const seq of [5, 2, 5]) await store.addCheckpoint({ chain: 'audit', seq, jws: `at ${seq}` });
  await store.addCheckpoint({ chain: 'ledger', seq: 1, jws: 'other' });
  expect(await store.checkpoints('audit')).toEqual([
    { chain: 'audit', seq: 2, jws: 'at 2' },
    { chain: 'audit', seq: 5, jws: 'at 5' },
  ]);
});
