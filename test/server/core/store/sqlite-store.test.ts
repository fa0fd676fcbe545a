/** The SQLite store: what is appended stays, in order, linked, whoever else writes. */
import { afterAll, describe, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { copyFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordsPath } from '../../../../server/core/records.ts';
import { SqliteStore } from '../../../../server/core/store/sqlite-store.ts';
import { draft, tamper, temporaryFolder } from '../../support/chains.ts';
import { keepsTheContract } from '../../support/store-contract.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = (): string => recordsPath(join(folder, `${files++}`));

describe('records', () => {
  keepsTheContract(async () => {
    const path = newPath();
    return { open: async () => SqliteStore.open(path), argument: path };
  });

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

describe('files that are taken away from an open store', () => {
  for (const name of ['', '-wal', '-shm']) {
    test(`nothing is stored without gatehouse.db${name}, and all is as before with it`, async () => {
      const path = newPath();
      const store = SqliteStore.open(path);
      await store.append([draft('a')]);
      renameSync(path + name, `${path}${name}.away`);
      const refused = store.append([draft('lost')]);
      await expect(refused).rejects.toThrow(`gatehouse.db${name} was removed`);
      await expect(refused).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
      renameSync(`${path}${name}.away`, path + name);
      await store.append([draft('b')]);
      store.close();
      const again = SqliteStore.open(path, { create: false });
      const bodies = (await Array.fromAsync(again.read('audit'))).map(({ body }) => body);
      expect(bodies).toEqual(['{"says":"a"}', '{"says":"b"}']);
      again.close();
    });
  }

  test('a copy in its place is not the file that is written to', async () => {
    const path = newPath();
    const store = SqliteStore.open(path);
    await store.append([draft('a')]);
    copyFileSync(path, `${path}.copy`);
    renameSync(`${path}.copy`, path);
    await expect(store.append([draft('lost')])).rejects.toThrow('is another file');
    store.close();
  });

  test('a file that goes during the transaction has not stored it', async () => {
    const path = newPath();
    const store = SqliteStore.open(path);
    const going = draft('lost');
    const draftThatRemoves = {
      ...going,
      make: (...args: Parameters<typeof going.make>) => {
        rmSync(path);
        return going.make(...args);
      },
    };
    await expect(store.append([draftThatRemoves])).rejects.toThrow('gatehouse.db was removed');
    store.close();
  });
});
