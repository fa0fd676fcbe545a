/** Who may come in, in the database of several nodes: what one of them changes counts on the others at once. */
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test';
import { AccessTables } from '../../../../server/core/access/access-tables.ts';
import { AdminStore } from '../../../../server/core/access/admin-store.ts';
import { newKey, readKey } from '../../../../server/core/access/key-format.ts';
import { keyStatus, KeyStore, renewedTerms } from '../../../../server/core/access/key-store.ts';
import { MAX_PASSKEYS, PasskeyStore } from '../../../../server/core/access/passkey-store.ts';
import { readRate } from '../../../../server/core/access/rate.ts';
import {
  handleOf,
  IDLE_MS,
  LONGEST_MS,
  Sessions,
} from '../../../../server/core/access/sessions.ts';
import { oneTimePassword, stepOf } from '../../../../server/core/access/totp.ts';
import type { Postgres } from '../../../../server/core/database/postgres.ts';
import { sharedSecret } from '../../../../server/core/database/shared-secret.ts';
import { SharedNonces } from '../../../../server/core/replay/shared-nonces.ts';
import { openDatabase } from '../../../../server/core/store/open-store.ts';
import { Challenges } from '../../../../server/core/webauthn/challenges.ts';
import { describeWithPostgres, PostgresServer } from '../../../support/postgres-server.ts';

// password hashes are slow on purpose
setDefaultTimeout(60_000);

const NOW = 1_800_000_000_000;
const PASSWORD = 'correct horse battery';

describeWithPostgres('access in a database', () => {
  let server: PostgresServer, databases: Postgres[], nodes: AccessTables[];
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  beforeEach(async () => {
    const databaseUrl = await server.newDatabase();
    const open = async () => (await openDatabase({ dataFolder: '', databaseUrl }))!;
    databases = [await open(), await open()];
    nodes = databases.map((database) => new AccessTables(database));
  });
  afterEach(() => Promise.all(databases.map((database) => database.close())));
  afterAll(() => server?.stop());

  test('a key that one node makes opens the other, and a revoked one does not', async () => {
    const [here, there] = nodes.map((node) => new KeyStore(node));
    expect(await there.any()).toBe(false);
    const terms = {
      name: 'teller',
      scopes: ['match', 'docval'] as const,
      rate: readRate('5/s'),
      expiresMs: NOW + 1000,
    };
    const { text, entry } = await here.create(terms, NOW);
    expect(await there.any()).toBe(true);
    expect(await there.find(readKey(text)!)).toEqual(entry);
    expect(await there.list()).toEqual([entry]);
    expect(await there.find(readKey(`gh_${entry.id}_${newKey().text.slice(16)}`)!))
      .toBeUndefined();
    expect(await there.revoke(entry.id, NOW + 1)).toBe(true);
    expect(await here.revoke(entry.id, NOW + 2)).toBe(false);
    expect(keyStatus((await here.find(readKey(text)!))!, NOW + 3)).toBe('revoked');
  });

  test('a key that is replaced stays good for the overlap and not longer than it was', async () => {
    const keys = new KeyStore(nodes[0]);
    const terms = { name: 'teller', scopes: ['match'] as const, rate: undefined };
    const long = (await keys.create({ ...terms, expiresMs: undefined }, NOW)).entry;
    const short = (await keys.create({ ...terms, expiresMs: NOW + 50 }, NOW)).entry;
    for (const old of [long, short]) {
      await keys.replace(old, renewedTerms(old, NOW + 20), 1000, NOW + 20);
    }
    const expiry = new Map((await keys.list()).map(({ id, expiresMs }) => [id, expiresMs]));
    expect([long, short].map(({ id }) => expiry.get(id))).toEqual([NOW + 1020, NOW + 50]);
    expect(await keys.matching('teller')).toHaveLength(4);
  });

  test('of two logins with one code at two nodes, one gets in', async () => {
    const [here, there] = nodes.map((node) => new AdminStore(node));
    expect(await there.any()).toBe(false);
    const code = oneTimePassword(await here.put('ops', PASSWORD, NOW), stepOf(NOW));
    expect(await there.has('ops')).toBe(true);
    expect(await there.list()).toEqual([{ name: 'ops', changedMs: NOW }]);
    expect(await there.verify('ops', 'another password', code, NOW)).toBe(false);
    const outcomes = await Promise.all(
      [here, there].map((admins) => admins.verify('ops', PASSWORD, code, NOW)),
    );
    expect(outcomes.toSorted()).toEqual([false, true]);
  });

  test('a session is known to every node, and ends on all of them', async () => {
    const admins = new AdminStore(nodes[0]);
    const [here, there] = nodes.map((node) => new Sessions(node));
    await admins.put('ops', PASSWORD, NOW);
    const { id } = await here.begin('ops', NOW);
    const session = { id, admin: 'ops', endsMs: NOW + LONGEST_MS };
    expect(await there.use(id, NOW + IDLE_MS - 1)).toEqual(session);
    expect(await here.look(id, NOW + 2 * IDLE_MS - 2)).toEqual(session);
    expect(await here.look(id, NOW + 2 * IDLE_MS)).toBeUndefined();
  });

  test('of many sessions the oldest end; with their administrator all do', async () => {
    const admins = new AdminStore(nodes[0]);
    const sessions = nodes.map((node) => new Sessions(node));
    await admins.put('ops', PASSWORD, NOW);
    const ids: string[] = [];
    for (let i = 0; i < 15; i++) ids.push((await sessions[i % 2].begin('ops', NOW + i)).id);
    const alive = async () =>
      await Promise.all(ids.map(async (id) => await sessions[0].use(id, NOW + 20) !== undefined));
    expect(await alive()).toEqual([...Array(5).fill(false), ...Array(10).fill(true)]);
    await sessions[1].end(ids[14]);
    expect(await sessions[0].use(ids[14], NOW + 20)).toBeUndefined();
    expect(await admins.remove('ops')).toBe(true);
    expect(await admins.remove('ops')).toBe(false);
    expect((await alive()).some(Boolean)).toBe(false);
  });

  test('sessions are listed by every node and ended on all, one by one or with a new password', async () => {
    const [here, there] = nodes.map((node) => new Sessions(node));
    const admins = nodes.map((node) => new AdminStore(node));
    await admins[0].put('ops', PASSWORD, NOW);
    const passkey = await here.begin('ops', NOW, 'passkey', '198.51.100.7');
    const password = await there.begin('ops', NOW + 1);
    expect(await there.list('ops', NOW + 1)).toEqual([
      {
        handle: handleOf(password),
        createdMs: NOW + 1,
        seenMs: NOW + 1,
        by: 'password',
        address: undefined,
      },
      {
        handle: handleOf(passkey),
        createdMs: NOW,
        seenMs: NOW,
        by: 'passkey',
        address: '198.51.100.7',
      },
    ]);
    await there.endAll('ops', [handleOf(passkey)]);
    expect(await here.look(passkey.id, NOW + 2)).toBeUndefined();
    expect(await admins[1].changePassword('ops', 'not the one', 'another one', NOW)).toBe(false);
    expect(await here.look(password.id, NOW + 2)).toBeDefined();
    expect(await admins[1].changePassword('ops', PASSWORD, 'another one', NOW)).toBe(true);
    expect(await here.look(password.id, NOW + 2)).toBeUndefined();
    expect(await admins[0].changePassword('ops', PASSWORD, 'a third one', NOW)).toBe(false);
  });

  test('a passkey of one node signs in at the other, once for each counter', async () => {
    const [here, there] = nodes.map((node) => new PasskeyStore(node));
    const admins = new AdminStore(nodes[0]);
    await admins.put('ops', PASSWORD, NOW);
    const [handle, other] = await Promise.all([here.handleOf('ops'), there.handleOf('ops')]);
    expect(Buffer.compare(handle, other)).toBe(0);
    expect(await there.isHandleOf('ops', handle)).toBe(true);
    const id = new Uint8Array(16).fill(7);
    const state = { counter: 4_294_967_290, backedUp: false };
    const publicKey = new Uint8Array(91).fill(1);
    const credential = { id, algorithm: -7, publicKey, backupEligible: true, ...state } as const;
    expect(await here.add('ops', 'key', credential, NOW)).toBe(true);
    expect(await there.add('ops', 'again', credential, NOW)).toBe(false);
    expect(await there.find(id)).toMatchObject({
      admin: 'ops',
      name: 'key',
      counter: 4_294_967_290,
      backupEligible: true,
      backedUp: false,
      createdMs: NOW,
      usedMs: undefined,
    });
    const next = { counter: 4_294_967_295, backedUp: true };
    const uses = await Promise.all(
      [here, there].map((passkeys) => passkeys.use(id, state.counter, next, NOW + 1)),
    );
    expect(uses.toSorted()).toEqual([false, true]);
    expect((await here.list('ops')).map(({ usedMs }) => usedMs)).toEqual([NOW + 1]);
    for (let i = 1; i < MAX_PASSKEYS; i++) {
      const further = { ...credential, id: new Uint8Array(16).fill(100 + i) };
      expect(await here.add('ops', `key ${i}`, further, NOW)).toBe(true);
    }
    const oneMore = { ...credential, id: new Uint8Array(16) };
    expect(await there.add('ops', 'one more', oneMore, NOW)).toBe(false);
    await admins.remove('ops');
    expect(await there.find(id)).toBeUndefined();
  });

  test('a challenge of one node is answered at the other, once', async () => {
    const keys = await Promise.all(
      databases.map((database) => sharedSecret(database, 'passkey-challenges', 32)),
    );
    expect(Buffer.compare(keys[0], keys[1])).toBe(0);
    expect(await sharedSecret(databases[0], 'another', 32)).not.toEqual(keys[0]);
    const nonces = databases.map((database) => new SharedNonces(database));
    const [here, there] = keys.map((key, i) => new Challenges(key, nonces[i]));
    const challenge = here.issue('sign-in', NOW);
    const spent = await Promise.all(
      [here, there, here, there].map((node) => node.spend('sign-in', challenge, NOW)),
    );
    expect(spent.filter(Boolean)).toHaveLength(1);
    for (const one of nonces) one.close();
  });

  test('lets nobody in while the database is gone', async () => {
    const keys = new KeyStore(nodes[0]);
    await server.crash();
    await expect(keys.any()).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    await expect(keys.find(newKey())).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    await server.restart();
    expect(await keys.any()).toBe(false);
  });
});
