/** Group commit: requests of one moment share a transaction, and a failure reaches everyone in it. */
import { expect, test } from 'bun:test';
import { GroupCommit } from '../../../../server/core/store/group-commit.ts';
import type { Draft } from '../../../../server/core/store/record-store.ts';
import { SqliteStore } from '../../../../server/core/store/sqlite-store.ts';
import { draft } from '../../support/chains.ts';

/** A store that says how many drafts each of its transactions had. */
function counting(before: () => Promise<void> = async () => {}) {
  const store = SqliteStore.open(':memory:');
  const sizes: number[] = [];
  return {
    sizes,
    async append(drafts: readonly Draft[]) {
      sizes.push(drafts.length);
      await before();
      return await store.append(drafts);
    },
  };
}

test('appends of one moment are one transaction; each gets its own records', async () => {
  const store = counting();
  const commit = new GroupCommit(store);
  const stored = await Promise.all([
    commit.append(draft('a')),
    commit.append(draft('b'), draft('c')),
    commit.append(draft('d')),
  ]);
  expect(store.sizes).toEqual([4]);
  expect(stored.map((records) => records.map(({ seq }) => seq))).toEqual([[1], [2, 3], [4]]);
});

test('what comes while a transaction runs waits for the next one, all together', async () => {
  const { promise: slow, resolve: go } = Promise.withResolvers<void>();
  const store = counting(() => slow);
  const commit = new GroupCommit(store);
  const first = commit.append(draft('first'));
  while (store.sizes.length === 0) await Bun.sleep(0);
  const later = Array.from({ length: 50 }, (_, i) => commit.append(draft(String(i))));
  await Bun.sleep(5);
  expect(store.sizes).toEqual([1]);
  go();
  await Promise.all([first, ...later]);
  expect(store.sizes).toEqual([1, 50]);
});

test('a transaction that fails fails for all in it and for nobody after', async () => {
  let broken = true;
  const outcomes: boolean[] = [];
  const store = counting(async () => {
    if (broken) throw new Error('disk full');
  });
  const commit = new GroupCommit(store, (error) => outcomes.push(error === undefined));
  const lost = await Promise.allSettled([commit.append(draft('a')), commit.append(draft('b'))]);
  expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  broken = false;
  expect(await commit.append(draft('c'))).toMatchObject([{ seq: 1 }]);
  expect(outcomes).toEqual([false, true]);
});
