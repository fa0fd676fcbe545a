/** Commands of an installation whose records are in a database: they work there, and leave no file of their own. */
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../cli/command.ts';
import { databaseFacts } from '../../cli/database-check.ts';
import { accessPath } from '../../server/core/access/access-file.ts';
import { openSigningKey } from '../../server/core/keys/signing-key.ts';
import { Records, recordsPath } from '../../server/core/records.ts';
import { openRecordStore } from '../../server/core/store/open-store.ts';
import { SqliteStore } from '../../server/core/store/sqlite-store.ts';
import { all } from '../server/support/chains.ts';
import { describeWithPostgres, PASSWORD, PostgresServer } from '../support/postgres-server.ts';
import { inProcess, json } from './support.ts';

// a database server of its own takes a while on a busy machine
setDefaultTimeout(60_000);

describeWithPostgres('an installation with a database', () => {
  let server: PostgresServer, folder: string, data: string, databaseUrl: string;
  const before = { ...process.env };
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-database-'));
    data = join(folder, 'data');
    databaseUrl = await server.newDatabase();
    const file = join(folder, 'database.url');
    writeFileSync(file, `${databaseUrl}\n`, { mode: 0o600 });
    process.env.GATEHOUSE_DATABASE_URL_FILE = file;
    process.env.GATEHOUSE_DATA = data;
  });
  afterEach(() => {
    process.env = { ...before };
    rmSync(folder, { recursive: true });
  });
  const facts = () => databaseFacts({ databaseUrl });

  /** What a server would have left. */
  async function bill(refid: string): Promise<void> {
    const store = await openRecordStore({ dataFolder: data, databaseUrl }, true);
    const signingKey = await openSigningKey(join(data, 'keys'), {});
    const records = new Records(store, { signingKey });
    const ledger = await records.ledger(undefined);
    await ledger.bill({ refid, action: 'MATCH121', outcome: 'answer', client: null }, 'evaluation');
    await records.close();
  }

  test('shows that it is set, and never the password', async () => {
    const shown = await inProcess('config', 'show');
    expect(shown.stdout).toMatch(/database\.url +set +GATEHOUSE_DATABASE_URL_FILE/);
    expect(shown.stdout + shown.stderr).not.toContain(encodeURIComponent(PASSWORD));
  });

  test(
    'is checked by doctor, before the first start, after it and without the server',
    async () => {
      expect(await facts()).toMatch(/^postgres:.*, PostgreSQL 1\d.*, without tables yet/);
      await bill('1');
      expect(await facts()).toMatch(/schema \d+$/);
      await server.crash();
      const { checks } = json(await inProcess('doctor', '--json'));
      const records = checks.find(({ check }: { check: string }) => check === 'records');
      expect(records).toMatchObject({ status: 'failed' });
      expect(records.reason).toContain('Failed to connect');
      expect(records.reason).not.toContain(encodeURIComponent(PASSWORD));
      await server.restart();
    },
    60_000,
  );

  test('has a ledger and a trail that are checked, exported and reported', async () => {
    const none = await inProcess('audit', 'verify');
    expect(none.code).toBe(EXIT.environment);
    expect(none.stderr).toContain('there are no records yet');
    await bill('1');
    await bill('2');
    const today = new Date().toISOString().slice(0, 10);
    const out = join(folder, 'report.jws');
    const days = ['--from', today, '--to', today];
    const report = json(await inProcess('license', 'report', ...days, '--out', out, '--json'));
    expect(report).toMatchObject({ total: 2, chain: { intact: true, records: 2 } });
    expect(json(await inProcess('license', 'status', '--json'))).toMatchObject({
      used: 2,
      ledger_rows: 2,
    });
    const trail = join(folder, 'trail.jsonl');
    expect((await inProcess('audit', 'export', '--out', trail)).code).toBe(EXIT.ok);
    expect((await inProcess('audit', 'verify', trail)).code).toBe(EXIT.ok);
    expect(json(await inProcess('audit', 'verify', '--json'))).toMatchObject({
      ok: true,
      chains: [{ chain: 'ledger', records: 2, signedTo: 2 }, { chain: 'audit' }],
    });
    await server.run(
      `ALTER TABLE gatehouse.ledger DISABLE TRIGGER ALL;
      UPDATE gatehouse.ledger SET body = replace(body, '"used":2', '"used":1')`,
      databaseUrl.split('/').at(-1),
    );
    const broken = await inProcess('audit', 'verify');
    expect(broken.code).toBe(EXIT.negative);
    expect(broken.stdout).toContain('BROKEN: record 2 changed: its hash does not hold');
    expect(existsSync(recordsPath(data))).toBe(false);
  });

  test('has keys and administrators, and who made them', async () => {
    const made = await inProcess(
      'key',
      'create',
      '--name',
      'teller',
      '--scopes',
      'match',
      '--json',
    );
    expect(made.code).toBe(EXIT.ok);
    expect(json(await inProcess('key', 'list', '--json'))).toMatchObject([{ name: 'teller' }]);
    expect((await inProcess('key', 'revoke', 'teller')).code).toBe(EXIT.ok);
    expect((await inProcess('admin', 'create', 'ops', '--json')).code).toBe(EXIT.ok);
    expect((await inProcess('admin', 'list')).stdout).toContain('ops');
    expect((await inProcess('admin', 'remove', 'ops')).code).toBe(EXIT.ok);
    const trail = (await inProcess('audit', 'export')).stdout.trim().split('\n').slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(trail.map(({ kind }) => kind)).toEqual([
      'api-key-issued',
      'api-keys-revoked',
      'admin-changed',
      'admin-changed',
      'audit-exported',
    ]);
    for (const { event } of trail) {
      expect(event).toMatchObject({ actor: { type: 'operator' }, node: expect.any(String) });
    }
    expect(existsSync(accessPath(data))).toBe(false);
  });

  test('takes over what one server has kept, once, and its chains go on', async () => {
    const file = process.env.GATEHOUSE_DATABASE_URL_FILE;
    const toDatabase = ['data', 'to-database'];
    delete process.env.GATEHOUSE_DATABASE_URL_FILE;
    expect((await inProcess(...toDatabase)).stderr).toContain('database.url is not set');
    await openSigningKey(join(data, 'keys'), {});
    await inProcess('key', 'create', '--name', 'teller', '--scopes', 'match');
    await inProcess('admin', 'create', 'ops');
    const store = SqliteStore.open(recordsPath(data));
    const ledger = await new Records(store).ledger(undefined);
    for (let i = 0; i < 2500; i++) {
      const bill = { refid: `${i}`, action: 'MATCH121', outcome: 'answer', client: null } as const;
      void ledger.bill(bill, 'evaluation');
    }
    await ledger.bill(
      { refid: 'x', action: 'VERIFY', outcome: 'answer', client: null },
      'evaluation',
    );
    const records = await all(store.read('ledger'));
    store.close();
    const was = json(await inProcess('audit', 'verify', '--json'));

    process.env.GATEHOUSE_DATABASE_URL_FILE = file;
    expect(json(await inProcess(...toDatabase, '--json'))).toEqual({ ledger: 2501, audit: 2 });
    const now = json(await inProcess('audit', 'verify', '--json'));
    const { lastHash } = was.chains[0];
    expect(now.chains[0]).toMatchObject({ intact: true, records: 2501, lastHash, signedTo: 2501 });
    expect(now.chains[1]).toMatchObject({ intact: true, records: 3, signedTo: 3 });
    const moved = await openRecordStore({ dataFolder: data, databaseUrl }, false);
    expect(await all(moved.read('ledger'))).toEqual(records);
    await moved.close();
    await bill('next');
    expect(json(await inProcess('license', 'status', '--json'))).toMatchObject({ used: 2502 });
    expect(json(await inProcess('key', 'list', '--json'))).toMatchObject([{ name: 'teller' }]);
    expect((await inProcess('admin', 'list')).stdout).toContain('ops');

    const again = await inProcess(...toDatabase);
    expect(again.code).toBe(EXIT.environment);
    expect(again.stderr).toContain('it has records of its own (ledger)');
  });

  test('is named by a backup of the data folder, which does not have it', async () => {
    await bill('1');
    const made = json(await inProcess('backup', join(folder, 'saved'), '--json'));
    expect(made.outside).toContain(databaseUrl.replace(/\/\/.*@/, '//'));
    expect(existsSync(recordsPath(join(folder, 'saved')))).toBe(false);
    expect((await inProcess('audit', 'export')).stdout).toContain('"kind":"data-saved"');
  });

  test('is not made of an address that is none', async () => {
    delete process.env.GATEHOUSE_DATABASE_URL_FILE;
    process.env.GATEHOUSE_DATABASE_URL = 'postgres://u:hush@h/d?sslmode=maybe';
    const { code, stdout, stderr } = await inProcess('audit', 'verify');
    expect(code).toBe(EXIT.environment);
    expect(stderr).toContain('database.url (GATEHOUSE_DATABASE_URL): must have sslmode');
    expect(stdout + stderr).not.toContain('hush');
  });
});
