/** Keys that are replaced while the server runs: nothing that is under way is lost, nothing old is forgotten. */
import { afterAll, afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { copyFile, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JSONWebKeySet } from 'jose';
import { DAY_MS } from '../../server/core/day.ts';
import { rotateSigningKey } from '../../server/core/keys/signing-key.ts';
import { createLogger } from '../../server/core/logging.ts';
import { addCaptureKey, pruneCaptureKeys } from '../../server/identy/mod.ts';
import { InstallationKeys } from '../../server/keys.ts';
import { sealCapture } from '../../server/web/face-sdk/seal.ts';
import { describeCapture, writeCapture } from './identy/support/captures.ts';
import { picture } from './support/fake-faces.ts';
import { type Running, startFake } from './support/running.ts';

// password hashes are slow on purpose, slower beside other tests
setDefaultTimeout(30_000);

const root = await mkdtemp(join(tmpdir(), 'gatehouse-installed-'));
afterAll(() => rm(root, { recursive: true }));

const opened: InstallationKeys[] = [];
const servers: Running[] = [];
afterEach(async () => {
  for (const keys of opened.splice(0)) keys.close();
  await Promise.all(servers.splice(0).map(({ server }) => server.stop()));
});

async function open(name: string, passphrase?: string, captureKeepMs = DAY_MS) {
  const folder = join(root, name);
  const lines: Record<string, unknown>[] = [];
  const keys = await InstallationKeys.open({
    folder,
    protection: { passphrase },
    log: createLogger('info', (line) => lines.push(JSON.parse(line))),
    captureKeepMs: () => captureKeepMs,
  });
  opened.push(keys);
  // a change that was under way when it was opened
  for (let looks = 0; looks < 2; looks++) await keys.poll();
  lines.length = 0;
  return { folder, keys, lines };
}

function serve(keys: InstallationKeys): Running {
  const running = startFake({}, undefined, { captureKeys: keys.capture, signingKey: keys.signing });
  servers.push(running);
  return running;
}

/** Two looks that see the same. */
async function settle(keys: InstallationKeys): Promise<void> {
  await keys.poll();
  await keys.poll();
}

describe('a running server', () => {
  test('signs with a new key, and publishes the old one too', async () => {
    const { folder, keys, lines } = await open('signing');
    const { server } = serve(keys);
    const published = async () =>
      await (await fetch(new URL('/.well-known/jwks.json', server.url))).json() as JSONWebKeySet;
    const [before] = (await published()).keys;
    await rotateSigningKey(folder, {}, { publish: true, nowMs: Date.now() });
    await settle(keys);
    const after = (await published()).keys;
    expect(after).toHaveLength(2);
    expect(after[0]).toMatchObject({ kid: keys.signing.jwk.kid });
    expect(after[1]).toEqual(before);
    expect(lines).toMatchObject([{ event: 'keys', signing: keys.signing.jwk.kid }]);
  });

  test('has captures sealed for a new key, and opens those sealed for the old one', async () => {
    const { folder, keys } = await open('capture');
    const { server } = serve(keys);
    const publicKey = async () =>
      await (await fetch(new URL('/api/v1/pub_key', server.url), { method: 'POST' })).json();
    const payload = writeCapture(describeCapture({}), [picture('face 0')]);
    const old = await publicKey();
    const underWay = await sealCapture(payload, old, Date.now());
    await addCaptureKey(folder, {});
    await settle(keys);
    const next = await publicKey();
    expect(next.kid).not.toBe(old.kid);
    for (const sealed of [underWay, await sealCapture(payload, next, Date.now())]) {
      const form = new FormData();
      form.set('file', new Blob([sealed]), 'file');
      form.set('asThreshold', 'LOW');
      const response = await fetch(new URL('/api/v1/process', server.url), {
        method: 'POST',
        body: form,
      });
      expect([response.status, (await response.json()).feedbackCode]).toEqual([200, undefined]);
    }
  });

  test('keeps its keys when the folder has something that is none', async () => {
    const { folder, keys, lines } = await open('broken');
    const kid = keys.signing.jwk.kid;
    await writeFile(join(folder, 'verdict-signing.pem'), 'secret words');
    await settle(keys);
    expect(keys.signing.jwk.kid).toBe(kid);
    expect(lines).toMatchObject([{ level: 'error', event: 'keys-unreadable' }]);
    expect(JSON.stringify(lines)).not.toContain('secret words');
  });

  test('opens keys under a passphrase, and says which are not', async () => {
    const passphrase = 'correct horse battery';
    const { folder, keys } = await open('sealed', passphrase);
    await copyFile(join(root, 'capture', 'capture-1.pem'), join(folder, 'capture-2.pem'));
    const lines: Record<string, unknown>[] = [];
    const again = await InstallationKeys.open({
      folder,
      protection: { passphrase },
      log: createLogger('info', (line) => lines.push(JSON.parse(line))),
      captureKeepMs: () => DAY_MS,
    });
    opened.push(again);
    expect(again.signing.jwk).toEqual(keys.signing.jwk);
    expect(lines).toMatchObject([{ event: 'keys-unencrypted', files: ['capture-2.pem'] }]);
  });
});

describe('capture keys', () => {
  const names = async (folder: string) =>
    (await readdir(folder)).filter((name) => name.startsWith('capture')).toSorted();

  test('are removed so long after the next one was made, the newest never', async () => {
    const { folder } = await open('pruned');
    await addCaptureKey(folder, {});
    await addCaptureKey(folder, {});
    const at = (days: number) => new Date(days * DAY_MS);
    for (const [number, made] of [[1, 0], [2, 10], [3, 20]]) {
      await utimes(join(folder, `capture-${number}.pem`), at(made), at(made));
    }
    const prune = (day: number) => pruneCaptureKeys(folder, 30 * DAY_MS, day * DAY_MS);
    expect(await prune(39)).toEqual([]);
    expect(await prune(40)).toEqual([join(folder, 'capture-1.pem')]);
    expect(await names(folder)).toEqual(['capture-2.pem', 'capture-3.pem']);
    await prune(10_000);
    expect(await names(folder)).toEqual(['capture-3.pem']);
  });

  test('are pruned by the server itself', async () => {
    const { folder } = await open('server-pruned');
    await copyFile(join(folder, 'capture-1.pem'), join(folder, 'capture-7.pem'));
    await utimes(join(folder, 'capture-7.pem'), 0, 0);
    const { lines, keys } = await open('server-pruned');
    expect(await names(folder)).toEqual(['capture-7.pem']);
    await keys.prune();
    expect(lines).toEqual([]);
  });
});
