/** What every store of records promises, whatever database stands behind it. */
import { expect, test } from 'bun:test';
import { GENESIS, hashOf } from '../../../server/core/chain/link.ts';
import { walkStored } from '../../../server/core/chain/walk.ts';
import { KeySet } from '../../../server/core/keys/key-set.ts';
import type { RecordStore } from '../../../server/core/store/record-store.ts';
import { all, draft } from './chains.ts';

/** A place for records that is new. */
export interface Place {
  /** Opens it, as a start of the program does. */
  open(): Promise<RecordStore>;
  /** What `append-process.ts` opens it by. */
  readonly argument: string;
}

/** @param place a new one each time */
export function keepsTheContract(place: () => Promise<Place>): void {
  const opened = async (): Promise<RecordStore> => await (await place()).open();

  test('are numbered and linked, each chain by itself', async () => {
    const store = await opened();
    const stored = await store.append([draft('a'), draft('b', 'ledger'), draft('c')]);
    expect(stored.map(({ seq }) => seq)).toEqual([1, 1, 2]);
    expect(stored.map(({ previous }) => previous)).toEqual([GENESIS, GENESIS, stored[0].hash]);
    const [next] = await store.append([draft('d')]);
    expect([next.seq, next.previous]).toEqual([3, stored[2].hash]);
    for (const record of [stored[0], stored[2], next]) {
      expect(record.hash).toBe(hashOf('audit', record) ?? '');
    }
    expect(await all(store.read('audit'))).toEqual([stored[0], stored[2], next]);
    await store.close();
  });

  test('are found by topic', async () => {
    const store = await opened();
    const drafts = ['a', 'b', 'a', 'c'].map((topic, i) => draft(String(i), 'audit', topic));
    const stored = await store.append(drafts);
    expect(await store.newest('audit', 'a')).toEqual(stored[2]);
    expect(await store.newest('audit')).toEqual(stored[3]);
    expect(await store.newest('audit', 'd')).toBeUndefined();
    expect(await store.newest('ledger')).toBeUndefined();
    await store.close();
  });

  test('come back as they were, whatever they say', async () => {
    const store = await opened();
    const body = JSON.stringify({
      says: `'"\\ {,} null \u0000 \ud800 $1 ?1 ${'\u{1f6c2}'.repeat(9)}`,
    });
    const topic = `x',"{}\\ NULL \u{1f6c2}`;
    const timeMs = Date.now();
    const drafts = [{ chain: 'audit' as const, topic, make: () => ({ timeMs, body }) }];
    const [stored] = await store.append(drafts);
    expect(stored).toMatchObject({ topic, body, timeMs });
    expect(await all(store.read('audit'))).toEqual([stored]);
    expect(await store.newest('audit', topic)).toEqual(stored);
    await store.append(drafts);
    expect((await walkStored(store, 'audit', await KeySet.of())).records).toBe(2);
    await store.close();
  });

  test('are read back from the newest, or from one on', async () => {
    const store = await opened();
    const drafts = Array.from({ length: 2500 }, (_, i) => draft(String(i)));
    const stored = await store.append(drafts);
    expect(await all(store.readBack('audit'))).toEqual(stored.toReversed());
    expect(await all(store.readBack('audit', 3))).toEqual([stored[1], stored[0]]);
    expect(await all(store.readBack('ledger'))).toEqual([]);
    await store.close();
  });

  test('may depend on the newest of their topic, also inside one batch', async () => {
    const store = await opened();
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
    await store.close();
  });

  test('are read page by page, and there at the next start', async () => {
    const { open } = await place();
    const store = await open();
    await store.append(Array.from({ length: 2500 }, (_, i) => draft(String(i))));
    await store.close();
    const again = await open();
    const seqs = (await all(again.read('audit'))).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 2500 }, (_, i) => i + 1));
    await again.close();
  });

  test('are stored all or none', async () => {
    const store = await opened();
    const bad = {
      ...draft('x'),
      make() {
        throw new Error('no');
      },
    };
    await expect(store.append([draft('a'), bad])).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    const lines = { ...draft('x'), make: () => ({ timeMs: 1, body: 'two\nlines' }) };
    await expect(store.append([draft('l', 'ledger'), lines])).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
    });
    expect(await all(store.read('audit'))).toEqual([]);
    expect(await all(store.read('ledger'))).toEqual([]);
    await store.append([draft('b')]);
    expect(await all(store.read('audit'))).toHaveLength(1);
    await store.close();
  });

  test('of several processes make one chain', async () => {
    const { open, argument } = await place();
    const script = new URL('append-process.ts', import.meta.url).pathname;
    const writers = Array.from(
      { length: 4 },
      () => Bun.spawn([process.execPath, script, argument, '100'], { stderr: 'inherit' }).exited,
    );
    expect(await Promise.all(writers)).toEqual([0, 0, 0, 0]);
    const store = await open();
    const walk = await walkStored(store, 'audit', await KeySet.of());
    expect(walk).toMatchObject({ intact: true, records: 400 });
    await store.close();
  }, 60_000);

  test('are pruned from the front alone, under a statement that stands for them', async () => {
    const store = await opened();
    const stored = await store.append(Array.from({ length: 9 }, (_, i) => draft(String(i))));
    await store.append([draft('other', 'ledger')]);
    for (const seq of [2, 5, 8]) await store.addCheckpoint({ chain: 'audit', seq, jws: `${seq}` });
    await store.prune({ chain: 'audit', seq: 4, jws: 'start' });
    expect(await all(store.read('audit'))).toEqual(stored.slice(4));
    const left = [[4, 'start'], [5, '5'], [8, '8']];
    const checkpoints = async () =>
      (await store.checkpoints('audit')).map(({ seq, jws }) => [seq, jws]);
    expect(await checkpoints()).toEqual(left);
    // whoever comes later and not as far changes nothing
    for (const seq of [3, 4]) await store.prune({ chain: 'audit', seq, jws: 'late' });
    expect(await checkpoints()).toEqual(left);
    await expect(store.prune({ chain: 'audit', seq: 9, jws: 'all' })).rejects.toThrow(
      'its newest record is 9, and stays',
    );
    expect(await store.append([draft('next')])).toMatchObject([{ seq: 10 }]);
    expect(await all(store.read('audit'))).toHaveLength(6);
    expect(await all(store.read('ledger'))).toHaveLength(1);
    await store.close();
  });

  test('have checkpoints, which come back in order, each once', async () => {
    const store = await opened();
    for (const seq of [5, 2, 5]) {
      await store.addCheckpoint({ chain: 'audit', seq, jws: `at ${seq}` });
    }
    await store.addCheckpoint({ chain: 'ledger', seq: 1, jws: 'other' });
    expect(await store.checkpoints('audit')).toEqual([
      { chain: 'audit', seq: 2, jws: 'at 2' },
      { chain: 'audit', seq: 5, jws: 'at 5' },
    ]);
    await store.close();
  });
}
