/** `gatehouse backup` beside a running server, `gatehouse restore`, and what a restored ledger means to a licence. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { EXIT } from '../../cli/command.ts';
import { ReportSchema } from '../../server/core/ledger/report.ts';
import { Licensing } from '../../server/core/licence/licensing.ts';
import { Records, recordsPath } from '../../server/core/records.ts';
import { openSigningKey } from '../../server/core/keys/signing-key.ts';
import { SqliteStore } from '../../server/core/store/sqlite-store.ts';
import { claimsOf, DAY_S } from '../server/support/licences.ts';
import { Served } from './served.ts';
import { inProcess, json, program } from './support.ts';

// servers start slower beside other tests, and encrypting keys is slow on purpose
setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-backup-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

/** The kinds of the last records of a trail, newest last. */
async function trail(data: string, count: number): Promise<[string, unknown][]> {
  const { stdout } = await inProcess('audit', 'export', '--data', data);
  // the export and its signature come last
  return stdout.trimEnd().split('\n').slice(-2 - count, -2).map((line) => {
    const { kind, event } = JSON.parse(line);
    return [kind, event.backup];
  });
}

describe('of a running server', () => {
  const site = { GATEHOUSE_PORT: '0', GATEHOUSE_WORKERS: '1' };
  const keysOf = async (served: Served): Promise<unknown> => {
    const { url } = await served.line('listening');
    return await (await fetch(`${url}.well-known/jwks.json`)).json();
  };
  let keys: unknown;

  beforeAll(async () => {
    mkdirSync(at('passphrase'), { mode: 0o700 });
    writeFileSync(at('passphrase/file'), 'a passphrase of some length', { mode: 0o600 });
  });

  test('a backup is made by its user, and another machine goes on with it', async () => {
    const env = {
      ...site,
      GATEHOUSE_DATA: at('data'),
      GATEHOUSE_KEYS_PASSPHRASE_FILE: at('passphrase/file'),
    };
    const served = new Served(folder, env);
    try {
      keys = await keysOf(served);
      const made = await program(['backup', 'saved', '--data', at('data'), '--json'], folder);
      expect([made.code, made.stderr]).toEqual([EXIT.ok, '']);
      expect(json(made)).toMatchObject({ backup: 'saved', files: 5, outside: [] });
    } finally {
      await served.end();
    }
    const pem = await Bun.file(at('saved/keys/verdict-signing.pem')).text();
    expect(pem).toContain('ENCRYPTED PRIVATE KEY');

    const restored = await inProcess('restore', at('saved'), '--data', at('new'));
    expect(restored.code).toBe(EXIT.ok);
    const elsewhere = new Served(folder, { ...env, GATEHOUSE_DATA: at('new') });
    try {
      expect(await keysOf(elsewhere)).toEqual(keys);
    } finally {
      await elsewhere.end();
    }
    process.env.GATEHOUSE_KEYS_PASSPHRASE_FILE = at('passphrase/file');
    try {
      const check = await inProcess('audit', 'verify', '--data', at('new'));
      expect([check.code, check.stdout]).toEqual([
        EXIT.ok,
        expect.stringMatching(/^audit +intact/m),
      ]);
      const all = await trail(at('new'), 20);
      const said = all.filter(([kind]) => kind === 'data-saved' || kind === 'data-restored');
      expect(said).toEqual([['data-saved', 'saved'], ['data-restored', 'saved']]);
    } finally {
      delete process.env.GATEHOUSE_KEYS_PASSPHRASE_FILE;
    }
  });
});

describe('the commands', () => {
  const data = at('plain');
  beforeAll(async () => {
    await openSigningKey(join(data, 'keys'));
    await inProcess('key', 'create', '--name', 'teller', '--scopes', 'match', '--data', data);
  });

  test('say what is not in a backup, and that keys are in the clear', async () => {
    writeFileSync(join(data, 'gatehouse.toml'), `docval.clients = "${at('clients.json')}"\n`);
    const made = await inProcess('backup', at('second'), '--data', data);
    expect(made.code).toBe(EXIT.ok);
    expect(made.stdout).toMatch(/^SHA-256 +[0-9a-f]{64}$/m);
    expect(made.stdout).toContain(`not in it  ${at('clients.json')}\n`);
    expect(made.stderr).toContain('in the clear');
  });

  test('refuse a damaged backup, a folder that is not empty, and what is no data folder', async () => {
    await inProcess('backup', at('damaged'), '--data', data);
    appendFileSync(at('damaged/access.db'), 'x');
    const refused = await inProcess('restore', at('damaged'), '--data', at('none'), '--json');
    expect([refused.code, json(refused).error.code]).toEqual([EXIT.environment, 'BACKUP_INVALID']);
    const full = await inProcess('restore', at('second'), '--data', data, '--json');
    expect([full.code, json(full).error.code]).toEqual([EXIT.environment, 'DATA_FORMAT']);
    expect((await inProcess('backup', at('x'), '--data', at('nowhere'))).code).toBe(EXIT.input);
    expect((await inProcess('backup', '--data', data)).code).toBe(EXIT.usage);
    expect((await inProcess('restore', '--data', data)).code).toBe(EXIT.usage);
  });

  test.skipIf(process.getuid?.() !== 0)('are for the user of the server', async () => {
    const owned = at('owned');
    mkdirSync(owned, { mode: 0o700 });
    Bun.spawnSync(['chown', '12345', owned]);
    for (const args of [['backup', at('y')], ['restore', at('second')]]) {
      const outcome = await inProcess(...args, '--data', owned);
      expect([outcome.code, outcome.stderr]).toEqual([
        EXIT.usage,
        expect.stringContaining('belongs to user 12345'),
      ]);
    }
    // a volume of a container platform is root's, what the server has made in it the server's
    await inProcess('restore', at('second'), '--data', at('volume'));
    Bun.spawnSync(['chown', '12345', at('volume')]);
    expect((await inProcess('backup', at('z'), '--data', at('volume'))).code).toBe(EXIT.ok);
    Bun.spawnSync(['chown', '12345', at('volume/format.json')]);
    expect((await inProcess('backup', at('w'), '--data', at('volume'))).code).toBe(EXIT.usage);
  });
});

describe('a ledger that is put back', () => {
  const nowS = Math.floor(Date.now() / 1000);
  const licence = claimsOf({
    iat: nowS,
    nbf: nowS - DAY_S,
    exp: nowS + 30 * DAY_S,
    volume: { transactions: 3, per: 'licence', overage: 'refuse' },
  });

  /** Bills so many answers and tells where the licence stands then. */
  async function bill(data: string, count: number): Promise<[status: string, used: number]> {
    const signingKey = await openSigningKey(join(data, 'keys'));
    const records = new Records(SqliteStore.open(recordsPath(data)), { signingKey });
    const licensing = await Licensing.open(records, licence);
    for (let i = 0; i < count; i++) {
      await licensing.admit({ features: ['face-match'] })
        .bill({ refid: crypto.randomUUID(), action: 'MATCH121', outcome: 'answer' });
    }
    const result: [string, number] = [licensing.standing.status, licensing.terms.used];
    await records.close();
    return result;
  }

  async function report(data: string) {
    const today = new Date().toISOString().slice(0, 10);
    const out = at(`${crypto.randomUUID()}.jws`);
    const days = ['--from', today, '--to', today];
    const made = await inProcess('license', 'report', ...days, '--out', out, '--data', data);
    expect(made.code).toBe(EXIT.ok);
    return ReportSchema.parse(decodeJwt(await Bun.file(out).text()));
  }

  test('has forgotten what was billed since, and reports show it', async () => {
    const data = at('billed'), later = at('billed-again');
    expect(await bill(data, 1)).toEqual(['valid', 1]);
    expect((await inProcess('backup', at('billed-saved'), '--data', data)).code).toBe(EXIT.ok);
    expect(await bill(data, 2)).toEqual(['volume-spent', 3]);
    const before = await report(data);

    expect((await inProcess('restore', at('billed-saved'), '--data', later)).code).toBe(EXIT.ok);
    // neither the clock nor the volume of the licence can tell
    expect(await bill(later, 0)).toEqual(['valid', 1]);
    await bill(later, 2);
    const after = await report(later);
    expect((await inProcess('audit', 'verify', '--data', later)).code).toBe(EXIT.ok);

    // the vendor can: the same numbers, other rows
    expect(before.chain.intact && after.chain.intact).toBe(true);
    expect(after.last?.seq).toBe(before.last?.seq);
    expect(after.last?.hash).not.toBe(before.last?.hash);
    // and the operator has said why
    expect(await trail(later, 2)).toContainEqual(['data-restored', 'billed-saved']);
  });
});
