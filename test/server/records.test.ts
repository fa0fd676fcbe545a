/**
 * When records cannot be stored: no answer leaves, health says so, and all is well again when there is space.
 * With a real disk that is full, and with a process that is killed under load.
 */
import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { walkStored } from '../../server/core/chain/walk.ts';
import { KeySet } from '../../server/core/keys/key-set.ts';
import { rowOf } from '../../server/core/ledger/ledger.ts';
import { Records, recordsPath } from '../../server/core/records.ts';
import { SqliteStore } from '../../server/core/store/sqlite-store.ts';
import { all, FillingStore, temporaryFolder } from './support/chains.ts';
import { base64, picture } from './support/fake-faces.ts';
import { licensed } from './support/licences.ts';
import { startFake } from './support/running.ts';
import type { FullDiskReport } from './support/full-disk-process.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const SELFIE = '/api/v1/matchWithSelfie';
const image = { template: base64(picture('face 0')), format: 'JPEG' };
const match = { image, imageToVerifyAgainst: image, level: 'HIGH' };

describe('while nothing can be stored', () => {
  test('no answer leaves, and health is not ready; with space both are back', async () => {
    const store = new FillingStore();
    const { server, post, faces, lines } = startFake({}, undefined, {
      licensing: licensed({}, { records: new Records(store) }),
    });
    const health = () => fetch(new URL('/api/v1/face_health', server.url));
    expect((await post(SELFIE, match)).status).toBe(200);
    expect((await health()).status).toBe(200);

    store.full = true;
    const refused = await post(SELFIE, match);
    expect(refused.status).toBe(500);
    const body = await refused.json();
    expect(body).toMatchObject({
      code: 500,
      feedbackCode: 'ERROR_SERVER_INTERNAL',
      message: 'Server Error',
    });
    expect(body).not.toHaveProperty('score');
    expect(lines.at(-1)).toMatchObject({
      level: 'error',
      cause: 'STORAGE_FAILED: database or disk is full',
    });
    expect(await (await health()).text()).toBe('NOT READY');
    const { ready, checks } = await (await fetch(new URL('/readyz', server.url))).json();
    expect(ready).toBe(false);
    expect(checks).toContainEqual({
      check: 'records',
      status: 'failed',
      reason: 'they cannot be stored; see the log',
    });
    // what is refused from now on costs no network run
    const seen = faces.seen.length;
    expect((await post(SELFIE, match)).status).toBe(500);
    expect(faces.seen.length).toBe(seen);

    store.full = false;
    while ((await health()).status !== 200) await Bun.sleep(20);
    expect((await post(SELFIE, match)).status).toBe(200);
    const rows = (await all(store.read('ledger'))).map(rowOf);
    expect(rows.filter((row) => row?.action === 'MATCH121')).toHaveLength(2);
    await server.stop();
  }, 10_000);

  test('the compare page gets its own words', async () => {
    const store = new FillingStore();
    const { server } = startFake({}, undefined, {
      licensing: licensed({}, { records: new Records(store) }),
    });
    store.full = true;
    const form = new FormData();
    for (const side of ['a', 'b']) {
      form.set(side, new Blob([picture('face 0') as Uint8Array<ArrayBuffer>]));
    }
    const url = new URL('/playground/compare', server.url);
    const answer = await fetch(url, { method: 'POST', body: form });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ error: { code: 'INTERNAL', message: 'Server error' } });
    await server.stop();
  });
});

/** A mount namespace of our own is allowed where we are root or may become it. */
const canMount = existsSync('/usr/bin/unshare') &&
  Bun.spawnSync(['unshare', '-rm', 'mount', '-t', 'tmpfs', 'tmpfs', folder]).exitCode === 0;
const mounted = canMount ? test : test.skip;

mounted(`a disk that is full${canMount ? '' : ' [skipped: no mounts allowed here]'}`, async () => {
  const disk = join(folder, 'disk');
  const script = join(import.meta.dir, 'support/full-disk-process.ts');
  const child = Bun.spawnSync([
    'unshare',
    '-rm',
    'sh',
    '-c',
    'mkdir -p "$1" && mount -t tmpfs -o size=2m tmpfs "$1" && exec "$2" "$3" "$1"',
    'sh',
    disk,
    process.execPath,
    script,
  ], { stderr: 'inherit' });
  expect(child.exitCode).toBe(0);
  const report: FullDiskReport = JSON.parse(child.stdout.toString());
  expect(report.before).toEqual({ status: 200, health: 200 });
  expect(report.full).toEqual({ status: 500, health: 503 });
  expect(report.after).toEqual({ status: 200, health: 200 });
  // every answer that left is in the ledger, and nothing else
  expect(report.answered.length).toBeGreaterThan(1);
  expect(report.ledger).toEqual(report.answered);
  expect(report.intact).toBe(true);
}, 30_000);

test('a process that is killed under load has lost nothing that it answered', async () => {
  const data = join(folder, 'killed');
  const script = join(import.meta.dir, 'support/ledger-process.ts');
  const answered = new Set<string>();
  for (let round = 0; round < 3; round++) {
    const child = Bun.spawn([process.execPath, script, data], { stdout: 'pipe' });
    const reader = child.stdout.getReader();
    const url = new TextDecoder().decode((await reader.read()).value).trim();
    const before = answered.size;
    const client = async (): Promise<void> => {
      for (;;) {
        const answer = await fetch(new URL(SELFIE, url), {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(match),
        }).then((response) => response.json(), () => undefined);
        if (answer === undefined) return;
        expect(answer.code).toBe(200);
        answered.add(answer.refid);
        if (answered.size === before + 300) child.kill('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: 32 }, client));
    await child.exited;
  }
  expect(answered.size).toBeGreaterThanOrEqual(900);

  const store = SqliteStore.open(recordsPath(data), { create: false });
  const billed = new Set<string>();
  const walk = await walkStored(store, 'ledger', await KeySet.of(), (record) => {
    const refid = rowOf(record)?.refid;
    if (refid != null) billed.add(refid);
  });
  store.close();
  expect(walk.intact).toBe(true);
  expect([...answered].filter((refid) => !billed.has(refid))).toEqual([]);
  // at most those whose answer was on its way
  expect(billed.size - answered.size).toBeLessThanOrEqual(3 * 32);
}, 60_000);
