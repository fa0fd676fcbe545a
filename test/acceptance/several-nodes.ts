/**
 * Two nodes as docs/storage.md sets them up: the program itself with its networks, HAProxy with the page's
 * configuration before it, a PostgreSQL of its own behind it. A capture that one node has opened is refused by
 * the other; one node is killed under load and comes back, the database crashes and comes back; then every
 * answer must be in the ledger once. Prints what it measured.
 *
 * Usage: bun test/acceptance/several-nodes.ts PROGRAM IMAGE_A IMAGE_B [ANSWERS]
 * (needs PostgreSQL and HAProxy; ANSWERS, default 100, are waited for between two faults)
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { selfieFrom } from '../../bench/selfies.ts';
import { rowOf } from '../../server/core/ledger/ledger.ts';
import { openRecordStore } from '../../server/core/store/open-store.ts';
import { sealCapture, type SealKey } from '../../server/web/face-sdk/seal.ts';
import { describeCapture, writeCapture } from '../server/identy/support/captures.ts';
import { ManyRequests } from '../server/support/many-requests.ts';
import { freePort, PostgresServer } from '../support/postgres-server.ts';

const [program, ...rest] = process.argv.slice(2);
const [imageA, imageB, answers = '100'] = rest;
if (imageB === undefined) {
  throw new Error('usage: several-nodes.ts PROGRAM IMAGE_A IMAGE_B [ANSWERS]');
}

const work = mkdtempSync(join(tmpdir(), 'gatehouse-nodes-'));
const postgres = await PostgresServer.start();
const databaseUrl = await postgres.newDatabase();
const urlFile = join(work, 'database.url');
writeFileSync(urlFile, databaseUrl, { mode: 0o600 });
const [portA, portB, portProxy] = [freePort(), freePort(), freePort()];
const base = `http://127.0.0.1:${portProxy}/`;
const running = new Set<Bun.Subprocess>();
try {
  await run();
} finally {
  for (const child of running) child.kill('SIGKILL');
  await postgres.stop();
  rmSync(work, { recursive: true });
}

async function run(): Promise<void> {
  const a = await startNode('a', portA);
  mkdirSync(join(work, 'b'));
  cpSync(join(work, 'a/keys'), join(work, 'b/keys'), { recursive: true });
  let b = await startNode('b', portB);
  await startProxy();

  const selfies = await Promise.all([imageA, imageB].map(selfieFrom));
  const key = await publishedKey();
  const [once, again] = [await sealed(selfies[0], key), await sealed(selfies[1], key)];
  const codes = [
    await processed(`http://127.0.0.1:${portA}/`, once),
    await processed(`http://127.0.0.1:${portB}/`, once),
    await processed(`http://127.0.0.1:${portB}/`, again),
    await processed(`http://127.0.0.1:${portA}/`, again),
  ].map(({ code }) => code);
  must(codes.join() === '200,604,200,604', `a capture sent to both nodes: ${codes}`);
  console.log('replay to the other node: 604, both ways');

  const [template, imageToVerifyAgainst] = selfies.map((jpeg) => ({
    template: jpeg.toBase64(),
    format: 'JPEG',
  }));
  const match = JSON.stringify({ image: template, imageToVerifyAgainst, level: 'HIGH' });
  const before = await ledger();
  const clients = 8;
  const load = new ManyRequests(
    Array.from(
      { length: clients },
      (_, i) => async () =>
        i % 4 === 0 ? await processed(base, await sealed(selfies[i % 2], key)) : await ask(
          base,
          '/api/v1/matchWithSelfie',
          { body: match, headers: { 'Content-Type': 'application/json' } },
        ),
    ),
  );
  const startMs = performance.now();
  await load.answered(Number(answers));
  const killedMs = performance.now();
  b.kill('SIGKILL');
  await b.exited;
  running.delete(b);
  await load.answered(Number(answers));
  const restartMs = performance.now();
  b = await startNode('b', portB);
  const backMs = performance.now();
  await load.answered(Number(answers));
  const crashedMs = performance.now();
  await postgres.restart();
  const upMs = performance.now();
  await load.answered(Number(answers));
  await load.end();
  const seconds = (performance.now() - startMs) / 1000;

  const after = await ledger();
  const billed = after.refids.slice(before.refids.length);
  const rows = Map.groupBy(billed, (refid) => refid);
  const lost = load.refids.filter((refid) => !rows.has(refid));
  const twice = [...rows.values()].filter(({ length }) => length > 1);
  console.log(
    `requests                              ${load.told.length} in ${
      seconds.toFixed(0)
    } s by ${clients} clients
answered with 200                     ${load.refids.length}
not served                            ${load.told.length - load.refids.length}
answered and not in the ledger        ${lost.length}
in the ledger twice                   ${twice.length}
in the ledger and not answered        ${billed.length - load.refids.length}
last failure after a node was killed  ${load.unservedMs(killedMs, restartMs).toFixed(0)} ms
killed node back after its start      ${(backMs - restartMs).toFixed(0)} ms
database down                         ${(upMs - crashedMs).toFixed(0)} ms
last failure after it was up again    ${load.unservedMs(upMs).toFixed(0)} ms`,
  );
  must(lost.length === 0, `lost: ${lost}`);
  must(twice.length === 0, `twice: ${twice}`);
  must(billed.length - load.refids.length <= 2 * clients, 'more was billed than was under way');
  must(after.used === after.refids.length, `${after.used} counted, ${after.refids.length} rows`);

  console.log(await command('audit', 'verify'));
  const today = new Date().toISOString().slice(0, 10);
  const report = join(work, 'report.jws');
  const told = await command('license', 'report', '--from', today, '--to', today, '--out', report);
  must(told.includes(String(after.refids.length)), told);
  for (const child of [a, b]) {
    child.kill('SIGTERM');
    must(await child.exited === 0, 'a node did not end well');
    running.delete(child);
  }
  console.log(await command('audit', 'verify'));
  console.log('several nodes: passed');
}

/** Resolves when its networks are loaded. */
async function startNode(name: string, port: number): Promise<Bun.Subprocess> {
  const child = Bun.spawn([resolve(program), 'serve', '--workers', '1'], {
    cwd: work,
    env: environment(name, port),
    stdout: Bun.file(join(work, `${name}.log`)),
    stderr: 'ignore',
  });
  running.add(child);
  while ((await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.status !== 200) {
    must(child.exitCode === null, readFileSync(join(work, `${name}.log`), 'utf8'));
    await Bun.sleep(50);
  }
  return child;
}

function environment(name: string, port: number): Record<string, string | undefined> {
  return {
    PATH: process.env.PATH,
    HOME: work,
    GATEHOUSE_DATA: join(work, name),
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_DATABASE_URL_FILE: urlFile,
  };
}

/** With the configuration of the page, its addresses put in the place of the page's. */
async function startProxy(): Promise<void> {
  const page = readFileSync(join(import.meta.dir, '../../docs/storage.md'), 'utf8');
  const [, text] = /```haproxy\n(.*?)\s*```/s.exec(page) ?? [];
  must(text !== undefined, 'docs/storage.md has no configuration of HAProxy');
  const config = `${text}\n`.replace(
    ':443 ssl crt /etc/haproxy/gatehouse.pem',
    `127.0.0.1:${portProxy}`,
  )
    .replace('10.0.0.1:8443 ssl verify required ca-file /etc/haproxy/ca.pem', `127.0.0.1:${portA}`)
    .replace('10.0.0.2:8443 ssl verify required ca-file /etc/haproxy/ca.pem', `127.0.0.1:${portB}`);
  writeFileSync(join(work, 'haproxy.cfg'), config);
  const child = Bun.spawn(['haproxy', '-db', '-f', join(work, 'haproxy.cfg')], {
    stdout: 'ignore',
    stderr: Bun.file(join(work, 'haproxy.log')),
  });
  running.add(child);
  while ((await fetch(`${base}readyz`).catch(() => undefined))?.status !== 200) {
    must(child.exitCode === null, readFileSync(join(work, 'haproxy.log'), 'utf8'));
    await Bun.sleep(50);
  }
}

async function ask(to: string, path: string, init: RequestInit) {
  const response = await fetch(new URL(path, to), { method: 'POST', keepalive: false, ...init });
  const body = await response.json() as { code: number; refid: string };
  return { ...body, status: response.status };
}

function processed(to: string, capture: Uint8Array<ArrayBuffer>) {
  const body = new FormData();
  body.set('file', new Blob([capture]), 'bdata');
  return ask(to, '/api/v1/process', { body });
}

async function publishedKey(): Promise<SealKey> {
  const response = await fetch(new URL('/api/v1/pub_key', base), { method: 'POST' });
  return JSON.parse(await response.text());
}

/** A still picture is no live person, so liveness is not asked for. */
async function sealed(jpeg: Uint8Array, key: SealKey): Promise<Uint8Array<ArrayBuffer>> {
  const description = describeCapture({ anti_spoofing: { enabled: false, threshold: 'LOW' } });
  return await sealCapture(writeCapture(description, [jpeg]), key, Date.now());
}

async function ledger(): Promise<{ refids: string[]; used: number }> {
  const store = await openRecordStore({ dataFolder: work, databaseUrl }, false);
  const refids: string[] = [];
  let used = 0;
  for await (const record of store.read('ledger')) {
    const row = rowOf(record);
    if (row?.refid != null) refids.push(row.refid);
    used = row?.used ?? used;
  }
  await store.close();
  return { refids, used };
}

async function command(...args: string[]): Promise<string> {
  const child = Bun.spawn([resolve(program), ...args], {
    cwd: work,
    env: environment('b', portB),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const text = await new Response(child.stdout).text();
  const complaint = await new Response(child.stderr).text();
  must(await child.exited === 0, `${args.join(' ')}: ${text}${complaint}`);
  return text.trimEnd();
}

function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}
