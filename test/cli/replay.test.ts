/** A capture that a server has opened is not opened again, also when the server was killed in between. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealCapture } from '../../server/web/face-sdk/seal.ts';
import { describeCapture, writeCapture } from '../server/identy/support/captures.ts';
import { Served } from './served.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

const start = () => new Served(folder, { GATEHOUSE_PORT: '0', GATEHOUSE_WORKERS: '1' });

async function urlOf(server: Served): Promise<string> {
  await server.line('engine-ready');
  return String((await server.line('listening')).url);
}

async function codeOf(url: string, sealed: Blob): Promise<number> {
  const form = new FormData();
  form.set('file', sealed, 'bdata');
  const answer = await fetch(new URL('/api/v1/secure/face/as', url), {
    method: 'POST',
    body: form,
  });
  return (await answer.json()).code;
}

test('not after kill -9 either', async () => {
  const first = start();
  const url = await urlOf(first);
  const answer = await fetch(new URL('/api/v1/pub_key', url), { method: 'POST' });
  const key = await answer.json();
  // it opens, and what is inside is no picture
  const seal = async () => {
    const payload = writeCapture(describeCapture(), [new Uint8Array(100)]);
    return new Blob([await sealCapture(payload, key, Date.now())]);
  };
  const sealed = await seal();
  const opened = await codeOf(url, sealed);
  expect(opened).not.toBe(604);
  expect(await codeOf(url, sealed)).toBe(604);
  await first.kill();

  const second = start();
  const again = await urlOf(second);
  expect(await codeOf(again, sealed)).toBe(604);
  expect(await codeOf(again, await seal())).toBe(opened);
  expect(await second.end()).toBe(0);
}, 60_000);
