/** API keys on disk: what is kept, who may read it, and that commands and the server see the same. */
import { afterAll, describe, expect, test } from 'bun:test';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessFile, accessPath } from '../../../../server/core/access/access-file.ts';
import { newKey, readKey } from '../../../../server/core/access/key-format.ts';
import {
  keyStatus,
  KeyStore,
  type KeyTerms,
  renewedTerms,
} from '../../../../server/core/access/key-store.ts';
import { readRate } from '../../../../server/core/access/rate.ts';

const folder = await mkdtemp(join(tmpdir(), 'gatehouse-access-'));
afterAll(() => rm(folder, { recursive: true }));

const TERMS: KeyTerms = {
  name: 'teller',
  scopes: ['match'],
  rate: undefined,
  expiresMs: undefined,
};
const memory = (): KeyStore => new KeyStore(AccessFile.open(':memory:'));

describe('the file', () => {
  test('is for its owner alone, also after it was opened to others', async () => {
    const path = accessPath(join(folder, 'data'));
    AccessFile.open(path).close();
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await chmod(path, 0o644);
    const file = AccessFile.open(path);
    await new KeyStore(file).create(TERMS, 1);
    for (const name of await readdir(join(folder, 'data'))) {
      expect((await stat(join(folder, 'data', name))).mode & 0o777).toBe(0o600);
    }
    file.close();
  });

  test('has no key in it', async () => {
    const path = accessPath(join(folder, 'secret'));
    const file = AccessFile.open(path);
    const { text } = await new KeyStore(file).create(TERMS, 1);
    file.close();
    const bytes = await readFile(path, 'latin1');
    expect(bytes).toContain('teller');
    expect(bytes).not.toContain(text.slice(16));
  });

  test('shows a change of another process at once', async () => {
    const path = accessPath(join(folder, 'shared'));
    const server = new KeyStore(AccessFile.open(path)),
      command = new KeyStore(AccessFile.open(path));
    expect(await server.any()).toBe(false);
    const { text, entry } = await command.create(TERMS, 1);
    expect(await server.any()).toBe(true);
    expect(await server.find(readKey(text)!)).toEqual(entry);
    await command.revoke(entry.id, 2);
    expect(keyStatus((await server.find(readKey(text)!))!, 3)).toBe('revoked');
  });

  test('of a newer program is left alone', async () => {
    const path = accessPath(join(folder, 'newer'));
    const file = AccessFile.open(path);
    await file.run('PRAGMA user_version = 99');
    file.close();
    expect(() => AccessFile.open(path)).toThrow('schema 99');
  });

  test('that is none is an error of storage', async () => {
    const path = accessPath(join(folder, 'broken'));
    await Bun.write(path, 'this is no database, whatever its name says '.repeat(100));
    expect(() => AccessFile.open(path)).toThrow(
      expect.objectContaining({ code: 'STORAGE_FAILED' }),
    );
  });
});

describe('a key', () => {
  test('is found by its text, with its terms', async () => {
    const keys = memory();
    const terms = {
      ...TERMS,
      rate: readRate('5/s'),
      expiresMs: 1000,
      scopes: ['match', 'docval'] as const,
    };
    const { text, entry } = await keys.create(terms, 10);
    expect(await keys.find(readKey(text)!)).toEqual(entry);
    expect(entry).toMatchObject({ ...terms, createdMs: 10, revokedMs: undefined });
    expect(await keys.list()).toEqual([entry]);
  });

  test('is not found by its identifier with another secret', async () => {
    const keys = memory();
    const { text, entry } = await keys.create(TERMS, 10);
    const other = `gh_${entry.id}_${newKey().text.slice(16)}`;
    expect(other.length).toBe(text.length);
    expect(await keys.find(readKey(other)!)).toBeUndefined();
    expect(await keys.find(newKey())).toBeUndefined();
  });

  test('is valid until it expires or is revoked', async () => {
    const keys = memory();
    const { entry } = await keys.create({ ...TERMS, expiresMs: 1000 }, 10);
    expect([999, 1000].map((at) => keyStatus(entry, at))).toEqual(['valid', 'expired']);
    expect(await keys.revoke(entry.id, 20)).toBe(true);
    expect(await keys.revoke(entry.id, 30)).toBe(false);
    expect(keyStatus((await keys.list())[0], 999)).toBe('revoked');
    expect((await keys.list())[0].revokedMs).toBe(20);
  });

  test('that was revoked leaves the installation with keys: nothing opens by itself', async () => {
    const keys = memory();
    const { entry } = await keys.create(TERMS, 10);
    await keys.revoke(entry.id, 20);
    expect(await keys.any()).toBe(true);
  });

  test('that is replaced stays good for the overlap and not longer than it was', async () => {
    const keys = memory();
    const { entry } = await keys.create(TERMS, 10);
    const short = (await keys.create({ ...TERMS, expiresMs: 50 }, 11)).entry;
    const next = (await keys.replace(entry, renewedTerms(entry, 20), 1000, 20)).entry;
    const nextShort = (await keys.replace(short, renewedTerms(short, 20), 1000, 20)).entry;
    const expiry = Object.fromEntries(
      (await keys.list()).map(({ id, expiresMs }) => [id, expiresMs]),
    );
    expect(expiry).toEqual({
      [entry.id]: 1020,
      [short.id]: 50,
      [next.id]: undefined,
      [nextShort.id]: 59,
    });
    expect(next).toMatchObject({ name: 'teller', scopes: ['match'] });
    expect((await keys.matching('teller')).length).toBe(4);
    expect(await keys.matching(next.id)).toEqual([next]);
  });

  test('with terms of a newer program opens nothing, and slowly', async () => {
    const file = AccessFile.open(':memory:');
    const keys = new KeyStore(file);
    const { text } = await keys.create(TERMS, 1);
    await file.run("UPDATE api_key SET scopes = 'all match', rate = '5/fortnight'");
    expect(await keys.find(readKey(text)!)).toMatchObject({
      scopes: ['match'],
      rate: { text: '1/h' },
    });
  });
});
