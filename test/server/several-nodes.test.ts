/**
 * Two nodes on one PostgreSQL behind a proxy: what one has opened the other does not open again, what was
 * answered is in the ledger once whatever dies, and nothing is answered while there is no database.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KeyStore } from '../../server/core/access/key-store.ts';
import { openAccess } from '../../server/core/access/open-access.ts';
import { walkStored } from '../../server/core/chain/walk.ts';
import { KeySet } from '../../server/core/keys/key-set.ts';
import { rowOf } from '../../server/core/ledger/ledger.ts';
import { openRecordStore } from '../../server/core/store/open-store.ts';
import { sealCapture, type SealKey } from '../../server/web/face-sdk/seal.ts';
import { describeWithPostgres, freePort, PostgresServer } from '../support/postgres-server.ts';
import { RoundRobin } from '../support/round-robin.ts';
import { describeCapture, writeCapture } from './identy/support/captures.ts';
import { all, temporaryFolder } from './support/chains.ts';
import { base64, picture } from './support/fake-faces.ts';
import { ManyRequests } from './support/many-requests.ts';

const SELFIE = '/api/v1/matchWithSelfie';
const PROCESS = '/api/v1/process';
const image = { template: base64(picture('face 0')), format: 'JPEG' };
const MATCH = JSON.stringify({ image, imageToVerifyAgainst: image, level: 'HIGH' });

// a database server of its own takes a while on a busy machine
setDefaultTimeout(60_000);

describeWithPostgres('two nodes on one database', () => {
  const folder = temporaryFolder();
  let postgres: PostgresServer, databaseUrl: string, nodes: Node[], proxy: RoundRobin;
  beforeAll(async () => {
    postgres = await PostgresServer.start();
    databaseUrl = await postgres.newDatabase();
    const first = await Node.start(join(folder, 'a'), databaseUrl);
    mkdirSync(join(folder, 'b'));
    cpSync(join(folder, 'a/keys'), join(folder, 'b/keys'), { recursive: true });
    nodes = [first, await Node.start(join(folder, 'b'), databaseUrl)];
    proxy = await RoundRobin.before(nodes.map(({ port }) => port));
  });
  afterAll(async () => {
    proxy?.close();
    for (const node of nodes ?? []) await node.kill();
    await postgres?.stop();
    rmSync(folder, { recursive: true });
  });

  test('give out one key, and a capture opens once, on whichever', async () => {
    const [key, other] = await Promise.all(nodes.map(({ url }) => publishedKey(url)));
    expect(other).toEqual(key);
    const capture = await sealed(key);
    expect((await send(nodes[0].url, capture)).code).toBe(200);
    for (const { url } of nodes) {
      expect(await send(url, capture)).toMatchObject({
        code: 604,
        feedbackCode: 'ERROR_REQUEST_EXPIRED',
      });
    }
    // sent to both at one moment, many times
    const other2 = await sealed(key);
    const codes = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => (await send(nodes[i % 2].url, other2)).code),
    );
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    expect(codes.filter((code) => code === 604)).toHaveLength(39);
  });

  test(
    'answer what they have recorded and nothing else, though a node and the database are killed',
    async () => {
      const before = await rows(databaseUrl);
      const key = await publishedKey(proxy.url);
      const clients = 24;
      const load = new ManyRequests(
        Array.from(
          { length: clients },
          (_, i) =>
            i % 4 === 0
              ? async () => await send(proxy.url, await sealed(key))
              : async () => await match(proxy.url),
        ),
      );
      const startMs = performance.now();
      await load.answered(400);

      const killedMs = performance.now();
      await nodes[1].kill();
      await load.answered(400);
      const restartedMs = performance.now();
      nodes[1] = await Node.start(join(folder, 'b'), databaseUrl, nodes[1].port);
      await load.answered(400);

      const crashedMs = performance.now();
      await postgres.restart();
      const upAgainMs = performance.now();
      await load.answered(400);
      await load.end();
      const seconds = (performance.now() - startMs) / 1000;

      const after = await rows(databaseUrl);
      const billed = after.refids.slice(before.refids.length);
      const count = new Map<string, number>();
      for (const refid of billed) {
        count.set(refid, (count.get(refid) ?? 0) + 1);
      }
      const answered = load.refids;
      const lost = answered.filter((refid) => !count.has(refid));
      const twice = billed.filter((refid) => count.get(refid) !== 1);
      console.log(JSON.stringify({
        seconds: Math.round(seconds * 10) / 10,
        requests: load.told.length,
        answered: answered.length,
        unserved: load.told.length - answered.length,
        lost: lost.length,
        twice: twice.length,
        billed_and_not_answered: billed.length - answered.length,
        served_again_after_node_killed_ms: Math.round(load.unservedMs(killedMs, restartedMs)),
        database_restart_ms: Math.round(upAgainMs - crashedMs),
        served_again_after_database_restart_ms: Math.round(load.unservedMs(upAgainMs)),
      }));
      expect(lost).toEqual([]);
      expect(twice).toEqual([]);
      expect(new Set(answered).size).toBe(answered.length);
      // at most those whose answer was on its way: of the node that was killed, and of both at the restart
      expect(billed.length - answered.length).toBeLessThanOrEqual(2 * clients);
      expect(after.intact).toBe(true);
      // the count goes on over both nodes without a gap
      expect(after.used).toBe(after.refids.length);
    },
    120_000,
  );

  test(
    'answer nothing while the database is gone, say so, and are back by themselves',
    async () => {
      const key = await publishedKey(proxy.url);
      const capture = await sealed(key);
      const { refids } = await rows(databaseUrl);
      await postgres.crash();
      const refused = { code: 500, feedbackCode: 'ERROR_SERVER_INTERNAL', message: 'Server Error' };
      for (const answer of [await match(nodes[0].url), await send(nodes[0].url, capture)]) {
        expect(answer).toMatchObject(refused);
        expect(answer).not.toHaveProperty('score');
        expect(answer).not.toHaveProperty('data');
      }
      // also on a node that nobody asks anything
      for (const { url } of nodes) {
        while ((await health(url)).ready) await Bun.sleep(20);
        expect((await health(url)).failed).toEqual(['records']);
        expect((await fetch(new URL('/api/v1/face_health', url))).status).toBe(503);
        expect((await fetch(new URL('/healthz', url))).status).toBe(200);
      }

      await postgres.restart();
      for (const { url } of nodes) {
        while (!(await health(url)).ready) await Bun.sleep(20);
        expect((await match(url)).code).toBe(200);
      }
      // what was refused because its nonce could not be remembered may be sent again
      expect((await send(nodes[0].url, capture)).code).toBe(200);
      expect((await send(nodes[1].url, capture)).code).toBe(604);
      expect((await rows(databaseUrl)).refids.length).toBe(refids.length + 3);
    },
    60_000,
  );

  test('have one set of API keys', async () => {
    const { access, close } = await openAccess({ dataFolder: '', databaseUrl });
    const keys = new KeyStore(access);
    const terms = { name: 'teller', scopes: ['match'] as const, rate: undefined };
    const { text, entry } = await keys.create({ ...terms, expiresMs: undefined }, Date.now());
    const codes = async (key?: string) =>
      (await Promise.all(nodes.map(({ url }) => match(url, key)))).map(({ code }) => code);
    expect(await codes(text)).toEqual([200, 200]);
    expect(await codes()).toEqual([611, 611]);
    await keys.revoke(entry.id, Date.now());
    expect(await codes(text)).toEqual([611, 611]);
    await close();
  });

  test('with other keys, a third is not let in', async () => {
    await expect(Node.start(join(folder, 'c'), databaseUrl)).rejects.toThrow(
      'runs on this database with other keys',
    );
  });

  test('leave one trail, which says which node it was', async () => {
    const store = await openRecordStore({ dataFolder: '', databaseUrl }, false);
    const nodesOf = (await all(store.read('audit'))).map(({ body }) => JSON.parse(body).node);
    await store.close();
    const ports = new Set(nodesOf.map((node) => Number(node.split(':').at(-1))));
    expect(ports).toEqual(new Set(nodes.map(({ port }) => port)));
  });
});

/** A node in a process of its own. */
class Node {
  readonly #process: Bun.Subprocess;
  readonly url: string;
  readonly port: number;

  private constructor(process: Bun.Subprocess, url: string) {
    this.#process = process;
    this.url = url;
    this.port = Number(new URL(url).port);
  }

  static async start(data: string, databaseUrl: string, port = freePort()): Promise<Node> {
    const script = join(import.meta.dir, 'support/node-process.ts');
    const child = Bun.spawn([process.execPath, script, data, databaseUrl, String(port)], {
      stdout: 'pipe',
      stderr: 'ignore',
    });
    const said = new TextDecoder().decode((await child.stdout.getReader().read()).value).trim();
    if (!said.startsWith('http://')) throw new Error(said);
    return new Node(child, said);
  }

  /** As when the machine is switched off. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#process.exited;
  }
}

interface Said {
  readonly status: number;
  readonly code?: number;
  readonly refid?: string;
}

async function ask(base: string, path: string, init: RequestInit): Promise<Said> {
  // each request is a connection of its own, so that the proxy gives each to the next node
  const response = await fetch(new URL(path, base), { method: 'POST', keepalive: false, ...init });
  return { ...await response.json(), status: response.status };
}

function match(base: string, key?: string): Promise<Said> {
  const headers = { 'Content-Type': 'application/json', ...(key && { 'X-API-Key': key }) };
  return ask(base, SELFIE, { body: MATCH, headers });
}

function send(base: string, capture: Uint8Array<ArrayBuffer>): Promise<Said> {
  const body = new FormData();
  body.set('file', new Blob([capture]), 'bdata');
  return ask(base, PROCESS, { body });
}

async function publishedKey(base: string): Promise<SealKey> {
  const response = await fetch(new URL('/api/v1/pub_key', base), { method: 'POST' });
  return JSON.parse(new TextDecoder().decode(await response.arrayBuffer()));
}

async function sealed(key: SealKey): Promise<Uint8Array<ArrayBuffer>> {
  return await sealCapture(writeCapture(describeCapture(), [picture('face 0')]), key, Date.now());
}

async function health(base: string) {
  const { ready, checks } = await (await fetch(new URL('/readyz', base))).json() as {
    ready: boolean;
    checks: { check: string; status: string }[];
  };
  const failed = checks.filter(({ status }) => status === 'failed').map(({ check }) => check);
  return { ready, failed };
}

/** What the ledger has. */
async function rows(databaseUrl: string) {
  const store = await openRecordStore({ dataFolder: '', databaseUrl }, false);
  const refids: string[] = [];
  let used = 0;
  const { intact } = await walkStored(store, 'ledger', await KeySet.of(), (record) => {
    const row = rowOf(record);
    if (row?.refid != null) refids.push(row.refid);
    used = row?.used ?? used;
  });
  await store.close();
  return { intact, refids, used };
}
