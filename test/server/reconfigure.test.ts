/** Settings that a running server takes: in force for the next request, without touching those in flight. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { type ConfigInput, loadConfig } from '../../server/mod.ts';
import { base64, picture } from './support/fake-faces.ts';
import { type Running, startFake } from './support/running.ts';

const SELFIE = '/api/v1/matchWithSelfie';
const image = (says: string) => ({ template: base64(picture(says)), format: 'JPEG' });
const request = (says: string) => ({
  image: image(says),
  imageToVerifyAgainst: image('face 0'),
  level: 'LOW',
});

let running: Running;
const set = (options: ConfigInput) =>
  running.server.prepare(loadConfig({}, { port: 0, workers: 1, ...options }))();
const post = (body: object, headers?: HeadersInit) => running.post(SELFIE, body, headers);

beforeAll(() => {
  running = startFake();
});
afterAll(() => running.server.stop());
beforeEach(() => {
  set({});
  running.faces.seen.length = 0;
});

test('the largest body', async () => {
  const large = { ...request('face 0'), padding: 'x'.repeat(2000) };
  expect((await post(large)).status).toBe(200);
  set({ bodyLimitBytes: 1024 });
  const refused = await post(large);
  expect([refused.status, (await refused.json()).message]).toEqual([
    400,
    'JSON EXCEPTION: body is larger than 1024 bytes',
  ]);
  set({});
  expect((await post(large)).status).toBe(200);
});

test('the memory for bodies, of which what is held stays held', async () => {
  const inFlight = post(request('slow 100'));
  while (running.faces.seen.length === 0) await Bun.sleep(2);
  set({ bodyBudgetBytes: 1024 });
  const large = { ...request('face 0'), padding: 'x'.repeat(2000) };
  expect((await post(large)).status).toBe(503);
  expect((await inFlight).status).toBe(200);
  set({});
  expect((await post(large)).status).toBe(200);
});

test('the time for an answer, of requests that begin from then on', async () => {
  const inFlight = post(request('slow 300'));
  while (running.faces.seen.length === 0) await Bun.sleep(2);
  set({ deadlineMs: 100 });
  expect((await post(request('slow 20000'))).status).toBe(500);
  expect(running.lines.at(-1)?.cause).toBe('DEADLINE: not finished within 100 ms');
  expect((await inFlight).status).toBe(200);
});

test('the time for a body to arrive', async () => {
  set({ bodyTimeoutMs: 100 });
  const head = `POST ${SELFIE} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n`;
  expect(await running.raw([head, '{'], 10_000)).toContain('body did not arrive within 100 ms');
});

test('the origins whose pages may call', async () => {
  const Origin = 'https://bank.example';
  const allowed = async () =>
    (await post(request('face 0'), { Origin })).headers.get('access-control-allow-origin');
  expect(await allowed()).toBeNull();
  set({ corsOrigins: [Origin] });
  expect(await allowed()).toBe(Origin);
  set({ corsOrigins: ['https://shop.example'] });
  expect(await allowed()).toBeNull();
  set({ corsOrigins: ['*'] });
  expect(await allowed()).toBe('*');
});

test('the time for requests in flight at shutdown', async () => {
  const other = startFake();
  const inFlight = other.post(SELFIE, request('slow 20000')).then((r) => r.status, () => 'cut');
  while (other.faces.seen.length === 0) await Bun.sleep(2);
  other.server.prepare(loadConfig({}, { drainMs: 50 }))();
  await other.server.stop();
  expect(await inFlight).toBe('cut');
});
