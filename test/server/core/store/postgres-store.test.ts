/** The PostgreSQL store keeps the same promises, and those that several nodes and a server of its own ask for. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { databaseFacts } from '../../../../cli/database-check.ts';
import { readDatabaseUrl } from '../../../../server/core/database/address.ts';
import { Postgres } from '../../../../server/core/database/postgres.ts';
import { prepareSchema } from '../../../../server/core/database/schema.ts';
import { STEPS } from '../../../../server/core/database/steps.ts';
import { findRecordStore, openRecordStore } from '../../../../server/core/store/open-store.ts';
import {
  describeWithPostgres,
  PASSWORD,
  PostgresServer,
} from '../../../support/postgres-server.ts';
import { Certificates, HAS_OPENSSL } from '../../support/certificates.ts';
import { all, draft } from '../../support/chains.ts';
import { keepsTheContract } from '../../support/store-contract.ts';

const place = (databaseUrl: string) => ({ dataFolder: '/nonexistent', databaseUrl });

function database(url: string): Postgres {
  const address = readDatabaseUrl(url);
  if ('fault' in address) throw new Error(address.fault);
  return new Postgres(address);
}

// a database server of its own takes a while on a busy machine
setDefaultTimeout(60_000);

describeWithPostgres('in PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server?.stop());

  describe('records', () => {
    keepsTheContract(async () => {
      const url = await server.newDatabase();
      return { open: () => openRecordStore(place(url), true), argument: url };
    });

    test('cannot be changed or taken out by a plain statement', async () => {
      const url = await server.newDatabase();
      const store = await openRecordStore(place(url), true);
      await store.append([draft('a'), draft('b', 'ledger')]);
      const name = url.split('/').at(-1);
      for (const chain of ['audit', 'ledger']) {
        const table = `gatehouse.${chain}`;
        for (const statement of [`UPDATE ${table} SET body = '{}'`, `DELETE FROM ${table}`]) {
          await expect(server.run(statement, name)).rejects.toThrow('only grows');
        }
        await expect(server.run(`TRUNCATE ${table}`, name)).rejects.toThrow('only grows');
      }
      expect(await all(store.read('audit'))).toHaveLength(1);
      await store.close();
    });

    test('are committed to the disk before they are reported, whatever the database was set to', async () => {
      const url = await server.newDatabase();
      const name = url.split('/').at(-1);
      await server.run(`ALTER DATABASE ${name} SET synchronous_commit = off`, name);
      const connections = database(url);
      const [row] = await connections.query<{ value: string }>(
        "SELECT current_setting('synchronous_commit') AS value",
      );
      expect(row.value).toBe('on');
      await connections.close();
    });

    test('are whole in a dump that is put back, and go on growing there alone', async () => {
      const url = await server.newDatabase();
      const store = await openRecordStore(place(url), true);
      const stored = await store.append(Array.from({ length: 9 }, (_, i) => draft(String(i))));
      const copied = await server.copyOf(url);
      const copy = await openRecordStore(place(copied), false);
      expect(await all(copy.read('audit'))).toEqual(stored);
      expect(await copy.append([draft('next')])).toMatchObject([{ seq: 10 }]);
      const statement = 'DELETE FROM gatehouse.audit';
      await expect(server.run(statement, copied.split('/').at(-1))).rejects.toThrow('only grows');
      await copy.close();
      await store.close();
    });

    test('that were stored outlive a crash of the server, and appends go on after it', async () => {
      const url = await server.newDatabase();
      const store = await openRecordStore(place(url), true);
      const stored = await store.append([draft('a'), draft('b')]);
      await server.crash();
      await expect(store.append([draft('lost')])).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
      await expect(store.newest('audit')).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
      await server.restart();
      expect(await all(store.read('audit'))).toEqual(stored);
      expect(await store.append([draft('c')])).toMatchObject([{ seq: 3 }]);
      await store.close();
    });

    test('wait for no server that has stopped to answer', async () => {
      const url = await server.newDatabase();
      const store = await openRecordStore(place(url), true);
      await store.append([draft('a')]);
      server.freeze();
      try {
        await expect(store.append([draft('b')])).rejects.toThrow('no answer within');
      } finally {
        server.thaw();
      }
      // the lock that the lost transaction may hold is let go of
      expect(await store.append([draft('c')])).toMatchObject([{ previous: expect.any(String) }]);
      const says = (await all(store.read('audit'))).map(({ body }) => JSON.parse(body).says);
      expect(says.at(-1)).toBe('c');
      await store.close();
    });
  });

  describe('the tables', () => {
    test('are made once by nodes that start at one time', async () => {
      const url = await server.newDatabase();
      const stores = await Promise.all(
        Array.from({ length: 8 }, () => openRecordStore(place(url), true)),
      );
      await Promise.all(stores.map((store, i) => store.append([draft(String(i))])));
      expect((await all(stores[0].read('audit'))).map(({ seq }) => seq))
        .toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      await Promise.all(stores.map((store) => store.close()));
    });

    test('go up step by step, each once, and not at all when one fails', async () => {
      const connections = database(await server.newDatabase());
      const more = [...STEPS, 'CREATE TABLE more (a integer)'];
      expect(await prepareSchema(connections)).toEqual({ from: 0, to: STEPS.length });
      const broken = [...more, 'CREATE TABLE'];
      await expect(prepareSchema(connections, broken)).rejects.toThrow('syntax error');
      expect(await prepareSchema(connections, more)).toEqual({
        from: STEPS.length,
        to: more.length,
      });
      expect(await prepareSchema(connections, more)).toEqual({
        from: more.length,
        to: more.length,
      });
      await connections.close();
    });

    test('of a newer program are refused', async () => {
      const url = await server.newDatabase();
      const connections = database(url);
      await prepareSchema(connections);
      await connections.query('UPDATE schema_version SET version = 99');
      await connections.close();
      const told = 'schema 99, this program knows';
      await expect(openRecordStore(place(url), true)).rejects.toThrow(told);
      await expect(openRecordStore(place(url), false)).rejects.toThrow(told);
      await expect(findRecordStore(place(url))).rejects.toThrow(told);
    });

    test('are not made by commands that only look', async () => {
      const url = await server.newDatabase();
      await expect(openRecordStore(place(url), false)).rejects.toThrow('no records yet');
      expect(await findRecordStore(place(url))).toBeUndefined();
      await (await openRecordStore(place(url), true)).close();
      await (await openRecordStore(place(url), false)).close();
      await (await findRecordStore(place(url)))?.close();
    });
  });

  describe('a server', () => {
    test('that refuses the password is named without it', async () => {
      const url = server.url('postgres', 'wr0ng horse');
      const error = await openRecordStore(place(url), true).then(() => undefined, (error) => error);
      expect(error).toMatchObject({ code: 'STORAGE_FAILED' });
      expect(error.message).toContain('password authentication failed');
      const everything = Bun.inspect(error, { depth: 9 }) + error.stack;
      expect(everything).not.toContain('wr0ng');
      expect(everything).not.toContain(encodeURIComponent('wr0ng horse'));
    });

    test('that is not there is named without the password', async () => {
      const url = server.url('postgres').replace(/:\d+\//, ':1/');
      const error = await openRecordStore(place(url), true).then(() => undefined, (error) => error);
      expect(error.message).toBe('postgres://127.0.0.1:1/postgres: Failed to connect');
      expect(Bun.inspect(error, { depth: 9 })).not.toContain(encodeURIComponent(PASSWORD));
    });

    test('can be reached through its socket', async () => {
      const name = (await server.newDatabase()).split('/').at(-1);
      const url = new URL(server.url(name!));
      const query = new URLSearchParams({
        host: server.socketFolder,
        port: url.port,
        user: url.username,
        password: PASSWORD,
      });
      const store = await openRecordStore(place(`postgres:///${name}?${query}`), true);
      expect(await store.append([draft('a')])).toHaveLength(1);
      await store.close();
    });

    test('that does not speak TLS is not spoken to where TLS is asked for', async () => {
      const url = await server.newDatabase('?sslmode=require');
      await expect(openRecordStore(place(url), true)).rejects.toThrow('does not support SSL');
    });

    test.skipIf(!HAS_OPENSSL)('has to show a certificate for its name', async () => {
      const certificates = await Certificates.make();
      for (const name of ['authority', 'stranger']) await certificates.add(name, `/CN=${name}`);
      await certificates.add('server', '/CN=localhost', 'authority');
      // the last one names no address
      await certificates.openssl(
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-keyout', 'other.key', '-out', 'other.pem', '-days', '60', '-subj', '/CN=other'],
        ...['-addext', 'subjectAltName=DNS:db.bank.example'],
        ...['-CA', 'authority.pem', '-CAkey', 'authority.key'],
      );
      const trusting = (name: string, mode: string) =>
        `?sslmode=${mode}&sslrootcert=${certificates.file(`${name}.pem`)}`;
      const outcome = (url: string) =>
        databaseFacts({ databaseUrl: url }).then(
          (facts) => /with(out)? TLS/.exec(facts ?? '')?.[0],
          (error) => error.message.replace(/^.*: /, ''),
        );
      const outcomes: (string | undefined)[] = [];
      for (const shown of ['server', 'other']) {
        const [cert, key] = ['pem', 'key'].map((end) => certificates.file(`${shown}.${end}`));
        const secured = await PostgresServer.start([], { cert, key });
        const url = secured.url('postgres');
        for (
          const parameters of [
            trusting('authority', 'verify-full'),
            trusting('authority', 'verify-ca'),
            trusting('stranger', 'verify-full'),
            '?sslmode=verify-full',
            '?sslmode=require',
          ]
        ) outcomes.push(await outcome(url + parameters));
        await secured.stop();
      }
      const unknown = 'unable to verify the first certificate';
      expect(outcomes).toEqual([
        ...['with TLS', 'with TLS', unknown, unknown, 'with TLS'],
        "Hostname/IP does not match certificate's altnames",
        ...['with TLS', unknown, unknown, 'with TLS'],
      ]);
      await certificates.remove();
      await expect(
        openRecordStore(place(server.url('postgres') + trusting('gone', 'verify-full')), true),
      )
        .rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    });

    test('that would lose records in a power cut is refused', async () => {
      const careless = await PostgresServer.start(['fsync=off']);
      const url = await careless.newDatabase();
      await expect(openRecordStore(place(url), true)).rejects.toThrow('fsync');
      await careless.stop();
    });
  });
});
