/** Nonces that several nodes share: whoever takes one first has it, and nobody else after. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { openDatabase } from '../../../../server/core/store/open-store.ts';
import type { Postgres } from '../../../../server/core/database/postgres.ts';
import { SharedNonces } from '../../../../server/core/replay/shared-nonces.ts';
import { describeWithPostgres, PostgresServer } from '../../../support/postgres-server.ts';

const nonce = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));

// a database server of its own takes a while on a busy machine
setDefaultTimeout(60_000);

describeWithPostgres('shared nonces', () => {
  let server: PostgresServer, databases: Postgres[], nodes: SharedNonces[];
  beforeAll(async () => {
    server = await PostgresServer.start();
    const databaseUrl = await server.newDatabase();
    const open = async () => (await openDatabase({ dataFolder: '', databaseUrl }))!;
    databases = [await open(), await open()];
    nodes = databases.map((database) => new SharedNonces(database));
  });
  afterAll(async () => {
    for (const node of nodes) node.close();
    for (const database of databases) await database.close();
    await server?.stop();
  });

  test('open once, on whichever node', async () => {
    const [a, b] = [nonce(), nonce()];
    expect(await nodes[0].take(a)).toBe(true);
    expect(await nodes[0].take(a)).toBe(false);
    expect(await nodes[1].take(a)).toBe(false);
    expect(await nodes[1].take(b)).toBe(true);
    expect(await nodes[0].take(b)).toBe(false);
  });

  test('that come many times at one moment are taken once each', async () => {
    const all = Array.from({ length: 200 }, nonce);
    // each four times on each node, in other orders, in batches that overlap
    const takes = await Promise.all(
      [0, 1, 0, 1, 0, 1, 0, 1].map(async (node, round) => {
        const order = round % 2 === 0 ? all : all.toReversed();
        await Bun.sleep(round);
        return await Promise.all(order.map(async (nonce) => ({
          key: nonce.toHex(),
          first: await nodes[node].take(nonce),
        })));
      }),
    );
    const firsts = takes.flat().filter(({ first }) => first).map(({ key }) => key);
    expect(firsts.length).toBe(200);
    expect(new Set(firsts).size).toBe(200);
  });

  test('are forgotten when nobody can use them again, and not before', async () => {
    const [old, young] = [nonce(), nonce()];
    for (const one of [old, young]) expect(await nodes[0].take(one)).toBe(true);
    const age = (minutes: number, one: Uint8Array) =>
      databases[0].query(
        `UPDATE nonce SET expires = expires - interval '${minutes} minutes' WHERE nonce = $1`,
        [one],
      );
    // an envelope of a clock two minutes ahead opens until four minutes later
    await age(11, old);
    await age(4, young);
    const before = nodes[0].size;
    await nodes[0].prune();
    expect(nodes[0].size).toBeGreaterThan(before);
    expect(await nodes[1].take(young)).toBe(false);
    expect(await nodes[1].take(old)).toBe(true);
  });

  test('let nobody in while the database is gone', async () => {
    const one = nonce();
    await server.crash();
    await expect(nodes[0].take(one)).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    await server.restart();
    expect(await nodes[0].take(one)).toBe(true);
    expect(await nodes[1].take(one)).toBe(false);
  });
});
