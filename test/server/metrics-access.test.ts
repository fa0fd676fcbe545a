/** Who reads `/metrics` of a server that others reach: callers with a key for them. */
import { afterAll, expect, test } from 'bun:test';
import { AccessFile } from '../../server/core/access/access-file.ts';
import { KeyStore } from '../../server/core/access/key-store.ts';
import type { Scope } from '../../server/core/access/scopes.ts';
import { startFake } from './support/running.ts';

const file = AccessFile.open(':memory:');
const keys = new KeyStore(file);
const key = async (scope: Scope): Promise<string> => {
  const terms = { name: 'prometheus', scopes: [scope], rate: undefined, expiresMs: undefined };
  return (await keys.create(terms, 0)).text;
};
const running = startFake({}, undefined, { access: file });
afterAll(() => running.server.stop());

function ask(headers: Record<string, string>): Promise<Response> {
  return fetch(new URL('/metrics', running.server.url), { headers });
}
// as a proxy would pass it on
const elsewhere = { 'X-Forwarded-For': '198.51.100.1' };

test('this machine reads them without a key', async () => {
  expect((await ask({})).status).toBe(200);
});

test('others need a key for them', async () => {
  expect((await ask(elsewhere)).status).toBe(404);
  expect((await ask({ ...elsewhere, 'X-API-Key': 'gh_wrong' })).status).toBe(401);
  expect((await ask({ ...elsewhere, 'X-API-Key': await key('match') })).status).toBe(403);
  const response = await ask({ ...elsewhere, 'X-API-Key': await key('metrics') });
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('gatehouse_');
});

test('nobody reads them at the port of the API where they have one of their own', async () => {
  const apart = startFake({ metricsListen: '127.0.0.1:0' }, undefined, { access: file });
  const url = new URL('/metrics', apart.server.url);
  expect((await fetch(url, { headers: { 'X-API-Key': await key('metrics') } })).status).toBe(404);
  await apart.server.stop();
});

test('a server that lets everybody in does not show them to everybody', async () => {
  const open = startFake({ apiKeys: 'optional' }, undefined, { access: file });
  expect((await fetch(new URL('/metrics', open.server.url), { headers: elsewhere })).status).toBe(
    404,
  );
  await open.server.stop();
});
