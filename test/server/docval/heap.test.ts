/** What is left of a document in the heap of the server: searched while a session is open, and after it. */
import { expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialiseTrustStore } from '../../../emrtd/mod.ts';
import { ERIKSSON, PHOTO } from '../../emrtd/chip/support.ts';
import { MRZ_KEY, relay, startMessage } from './support/client.ts';
import { HEAP_PROGRAM } from './support/heap-process.ts';
import { makeSpecimen, PROFILES } from './support/documents.ts';

const HOLDER = { ...ERIKSSON, documentNumber: 'QX7731KLM', primaryIdentifier: 'ZWARTENBERGX' };
/** Texts of the result and of the start message. */
const TRACES = [HOLDER.documentNumber, HOLDER.primaryIdentifier, PHOTO.toBase64().slice(400, 440)];

function backwards(text: string): string {
  return [...text].reverse().join('');
}

test('nothing of a document is in the heap once its socket is closed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'heap-'));
  const specimen = makeSpecimen({ ...PROFILES['PACE-GM and CA'], holder: HOLDER });
  const trustFile = join(folder, 'trust.der');
  await Bun.write(trustFile, serialiseTrustStore(specimen.trust));
  const posted = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const resultServer = Bun.serve({
    port: 0,
    async fetch(request) {
      await request.text();
      posted.resolve();
      await release.promise;
      return new Response('');
    },
  });
  const waiting: ((message: unknown) => void)[] = [];
  const next = () => new Promise<unknown>((resolve) => waiting.push(resolve));
  const address = next();
  const child = Bun.spawn([process.execPath, HEAP_PROGRAM, trustFile, resultServer.url.href], {
    stdio: ['ignore', 'inherit', 'inherit'],
    ipc: (message) => waiting.shift()?.(message),
  });
  const search = () => {
    const answer = next();
    child.send(TRACES.map(backwards));
    return answer;
  };
  try {
    const url = await address as string;
    expect(await search()).toEqual([false, false, false]);
    const access_key = { ...MRZ_KEY, document_number: HOLDER.documentNumber };
    const session = relay(url, specimen.insert(), startMessage({ access_key }));
    await posted.promise;
    // the session waits for the result server: the search must find what it holds
    expect(await search()).toContain(true);
    release.resolve();
    expect((await session).code).toBe(1000);
    await Bun.sleep(50);
    expect(await search()).toEqual([false, false, false]);
  } finally {
    child.disconnect();
    await resultServer.stop(true);
    await rm(folder, { recursive: true });
  }
}, 30_000);
