/** Nodes on one database: those with keys of their own are kept out, a rotation under way is told of. */
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test';
import type { Postgres } from '../../../../server/core/database/postgres.ts';
import { createLogger } from '../../../../server/core/logging.ts';
import { type NodeKeys, Nodes } from '../../../../server/core/nodes/nodes.ts';
import { openDatabase } from '../../../../server/core/store/open-store.ts';
import { describeWithPostgres, PostgresServer } from '../../../support/postgres-server.ts';

const keysOf = (signing: string, ...ids: string[]): NodeKeys => ({
  signing: { keyId: signing },
  capture: { ids },
});

// a database server of its own takes a while on a busy machine
setDefaultTimeout(60_000);

describeWithPostgres('nodes', () => {
  let server: PostgresServer, database: Postgres;
  const lines: Record<string, unknown>[] = [];
  const log = createLogger('debug', (line) => void lines.push(JSON.parse(line)));
  const joined = (name: string, keys: NodeKeys) => Nodes.join(database, { name, keys, log });
  beforeAll(async () => {
    server = await PostgresServer.start();
    database = (await openDatabase({ dataFolder: '', databaseUrl: await server.newDatabase() }))!;
  });
  beforeEach(async () => {
    lines.length = 0;
    await database.query('DELETE FROM node');
  });
  afterAll(async () => {
    await database.close();
    await server?.stop();
  });

  test('with the same keys are let in without a word', async () => {
    const nodes = [await joined('a', keysOf('s1', 'c1')), await joined('b', keysOf('s1', 'c1'))];
    for (const node of nodes) await node.beat();
    expect(lines).toEqual([]);
    for (const node of nodes) await node.leave();
    const [{ count }] = await database.query<{ count: number }>('SELECT count(*) FROM node');
    expect(count).toBe(0);
  });

  test('with other keys than one that runs are not', async () => {
    const a = await joined('a:8080', keysOf('s1', 'c1'));
    await expect(joined('b:8080', keysOf('s2', 'c2'))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('the node a:8080 runs on this database with other keys'),
    });
    // one that has gone, with or without a word, is no hindrance
    await database.query("UPDATE node SET seen = now() - interval '31 seconds'");
    const b = await joined('b:8080', keysOf('s2', 'c2'));
    await b.leave();
    await a.leave();
    await (await joined('c:8080', keysOf('s3', 'c3'))).leave();
  });

  test('whose keys differ while they are rotated say so, and when it is over', async () => {
    const rotated = { ...keysOf('s1', 'c1') } as { -readonly [K in keyof NodeKeys]: NodeKeys[K] };
    const a = await joined('a', rotated);
    const b = await joined('b', keysOf('s1', 'c2', 'c1'));
    expect(lines).toMatchObject([{ level: 'warn', event: 'nodes-keys-differ', nodes: ['a'] }]);
    await b.beat();
    expect(lines).toHaveLength(1);
    rotated.capture = { ids: ['c2', 'c1'] };
    await a.beat();
    await b.beat();
    expect(lines.slice(1)).toMatchObject([{ level: 'info', event: 'nodes-keys-same' }]);
    for (const node of [a, b]) await node.leave();
  });
});
