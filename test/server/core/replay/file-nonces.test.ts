/** Nonces in a file: taken once, also after a restart, and forgotten when nobody can use them again. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from 'bun:sqlite';
import { FileNonces } from '../../../../server/core/replay/file-nonces.ts';
import { SqliteStore } from '../../../../server/core/store/sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-nonces-'));
afterAll(() => rmSync(folder, { recursive: true }));

const nonce = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));
let files = 0;

/** The path of a new file with records. */
function newFile(): string {
  const path = join(folder, `${files++}.db`);
  SqliteStore.open(path).close();
  return path;
}

test('a nonce is taken once, also after a restart', () => {
  const path = newFile(), [a, b] = [nonce(), nonce()];
  const before = FileNonces.open(path);
  expect([before.take(a, Date.now()), before.take(a, Date.now())]).toEqual([true, false]);
  // no orderly end: another process would find the same
  const after = FileNonces.open(path);
  expect(after.size).toBe(1);
  expect([after.take(a, Date.now()), after.take(b, Date.now())]).toEqual([false, true]);
  expect(after.size).toBe(2);
  before.close();
  after.close();
});

test('it is forgotten when nobody can send it again, and not before', () => {
  const nonces = FileNonces.open(newFile()), one = nonce(), nowMs = Date.now();
  nonces.take(one, nowMs);
  // an envelope of a clock two minutes ahead opens until four minutes later
  nonces.prune(nowMs + 240_000);
  expect([nonces.size, nonces.take(one, nowMs + 240_000)]).toEqual([1, false]);
  nonces.prune(nowMs + 3_600_000);
  expect(nonces.size).toBe(0);
  nonces.close();
});

test('records are read and written beside it', async () => {
  const path = newFile();
  const nonces = FileNonces.open(path), store = SqliteStore.open(path);
  nonces.take(nonce(), Date.now());
  const make = () => ({ timeMs: 1, body: '{}' });
  expect(await store.append([{ chain: 'audit', topic: 'x', make }])).toHaveLength(1);
  expect(nonces.take(nonce(), Date.now())).toBe(true);
  store.close();
  nonces.close();
});

test('nobody is let in while the file cannot be written', () => {
  const path = newFile(), nonces = FileNonces.open(path);
  const other = new Database(path);
  other.run('DROP TABLE nonce');
  expect(() => nonces.take(nonce(), Date.now())).toThrow(
    expect.objectContaining({ code: 'STORAGE_FAILED' }),
  );
  other.close();
  nonces.close();
});

test('a file that is not there is an error', () => {
  expect(() => FileNonces.open(join(folder, 'missing.db'))).toThrow(
    expect.objectContaining({ code: 'STORAGE_FAILED' }),
  );
});
