/** What commands about keys and administrators leave in the audit trail: who and what, and no secret. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordsPath } from '../../server/core/records.ts';
import { openSigningKey } from '../../server/core/keys/signing-key.ts';
import { SqliteStore } from '../../server/core/store/sqlite-store.ts';
import { all } from '../server/support/chains.ts';
import { inProcess, json } from './support.ts';

// password hashes are slow on purpose, slower beside other tests
setDefaultTimeout(30_000);

const data = await mkdtemp(join(tmpdir(), 'gatehouse-trail-'));
afterAll(() => rm(data, { recursive: true }));
const run = (...args: string[]) => inProcess(...args, '--data', data);

async function trail() {
  const store = SqliteStore.open(recordsPath(data));
  const records = await all(store.read('audit'));
  store.close();
  return records.map(({ topic, body }) => ({ kind: topic, ...JSON.parse(body) }));
}

test('API keys: who issued which, and ended it', async () => {
  const made = json(
    await run('key', 'create', '--name', 'teller', '--scopes', 'match', '--rate', '5/s', '--json'),
  );
  const next = json(await run('key', 'rotate', 'teller', '--json'));
  await run('key', 'revoke', 'teller');
  await run('key', 'revoke', 'teller');
  await run('key', 'rotate', 'nobody');
  const issued = { kind: 'api-key-issued', client: 'teller', scopes: ['match'], rate: '5/s' };
  expect(await trail()).toMatchObject([
    { ...issued, id: made.id, replaces: null, actor: { type: 'operator' } },
    { ...issued, id: next.id, replaces: made.id },
    { kind: 'api-keys-revoked', ids: [made.id, next.id] },
  ]);
  for (const { key } of [made, next]) {
    expect(JSON.stringify(await trail())).not.toContain(key.slice(16));
  }
});

test('administrators: who was added, reset and removed', async () => {
  const before = (await trail()).length;
  const made = json(await run('admin', 'create', 'ops', '--json'));
  await run('admin', 'create', 'ops');
  await run('admin', 'reset', 'ops');
  await run('admin', 'remove', 'ops');
  await run('admin', 'remove', 'ops');
  const added = (await trail()).slice(before);
  expect(added).toMatchObject(
    ['created', 'reset', 'removed'].map((change) => ({
      kind: 'admin-changed',
      admin: 'ops',
      change,
    })),
  );
  for (const secret of [made.password, made.totp_secret]) {
    expect(JSON.stringify(added)).not.toContain(secret);
  }
});

test('private keys: what was replaced; also where they do not open', async () => {
  const before = (await trail()).length;
  await run('keys', 'rotate', 'capture');
  expect((await trail()).slice(before)).toEqual([]);
  await openSigningKey(join(data, 'keys'));
  await run('keys', 'rotate', 'signing');
  await writeFile(join(data, 'passphrase'), 'correct horse battery', { mode: 0o600 });
  await run('keys', 'passphrase', '--new', join(data, 'passphrase'));
  // without the passphrase, so without a signature
  expect((await run('key', 'create', '--name', 'teller', '--scopes', 'match')).code).toBe(0);
  expect((await trail()).slice(before)).toMatchObject([
    { kind: 'keys-changed', change: 'signing' },
    { kind: 'keys-changed', change: 'passphrase' },
    { kind: 'api-key-issued' },
  ]);
});
