/** The license commands: a vendor's keys and licences, a reseller's, and what an installation says of its own. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../cli/command.ts';
import { installedConfig } from '../../cli/settings.ts';
import { openSigningKey } from '../../server/core/keys/signing-key.ts';
import { openLicence, verifyLicence } from '../../server/core/licence/read-licence.ts';
import { openVendorKeys } from '../../server/core/licence/vendor-keys.ts';
import { Licensing } from '../../server/core/licence/licensing.ts';
import { Records, recordsPath } from '../../server/core/records.ts';
import { SqliteStore } from '../../server/core/store/sqlite-store.ts';
import { tamper } from '../server/support/chains.ts';
import { inProcess, json } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-license-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const SET_BY_TESTS = ['SERVER_CONFIG_PATH', 'GATEHOUSE_LICENCE_KEY'];
afterEach(() => SET_BY_TESTS.forEach((name) => delete process.env[name]));

const today = new Date().toISOString().slice(0, 10);
const nextYear = `${new Date().getUTCFullYear() + 1}-12-31`;
const issue = (...args: string[]) =>
  inProcess('license', 'issue', '--key', at('vendor.key'), '--customer', 'Bank of Utopia', ...args);

let vendorKey: string;
beforeAll(async () => {
  vendorKey = json(await inProcess('license', 'keygen', at('vendor.key'), '--json')).key;
  await inProcess('license', 'keygen', at('reseller.key'));
});

/** Issues a licence and makes it the one of this installation. */
async function install(name: string, ...args: string[]): Promise<string> {
  const out = at(name);
  const { code, stderr } = await issue('--out', out, '--url', 'app.example.org', ...args);
  expect([code, stderr]).toEqual([EXIT.ok, '']);
  process.env.SERVER_CONFIG_PATH = out;
  process.env.GATEHOUSE_LICENCE_KEY = at('vendor.key.pub');
  return out;
}

async function withLicensing(data: string, work: (licensing: Licensing) => Promise<void>) {
  const licence = await openLicence(installedConfig());
  const signingKey = await openSigningKey(join(data, 'keys'));
  const records = new Records(SqliteStore.open(recordsPath(data)), { signingKey });
  await work(await Licensing.open(records, licence));
  await records.close();
}

const bill = (licensing: Licensing) =>
  licensing.admit({ features: ['face-match'] })
    .bill({ refid: crypto.randomUUID(), action: 'MATCH121', outcome: 'answer' });

describe('license keygen', () => {
  test('writes a private key for its owner alone, and never over another', async () => {
    expect(statSync(at('vendor.key')).mode & 0o777).toBe(0o600);
    expect([...(await openVendorKeys([at('vendor.key.pub')])).keys()]).toEqual([vendorKey]);
    const again = await inProcess('license', 'keygen', at('vendor.key'));
    expect([again.code, again.stdout]).toEqual([EXIT.environment, '']);
    expect([...(await openVendorKeys([at('vendor.key.pub')])).keys()]).toEqual([vendorKey]);
  });
});

describe('license issue', () => {
  test('writes the file that an installation takes', async () => {
    const path = await install(
      'full.json',
      ...['--expires', nextYear, '--grace', '14', '--domain', '*.example.org'],
      ...['--feature', 'face-match', '--feature', 'docval'],
      ...['--volume', '5000', '--per', 'month', '--overage', 'allow', '--id', 'L-77'],
    );
    const licence = await openLicence({ licenceFile: path, licenceKeys: [at('vendor.key.pub')] });
    expect(licence).toMatchObject({
      jti: 'L-77',
      sub: 'Bank of Utopia',
      exp: Date.parse(nextYear) / 1000 + 86_400,
      grace_days: 14,
      domains: ['*.example.org'],
      features: ['face-match', 'docval'],
      volume: { transactions: 5000, per: 'month', overage: 'allow' },
    });
    const { face } = await Bun.file(path).json();
    expect(face.url).toBe('app.example.org');
  });

  test('goes to the standard output otherwise, for the first domain without a star', async () => {
    const domains = ['--domain', '*.example.org', '--domain', 'App.example.net'];
    const { face } = JSON.parse((await issue('--expires', nextYear, ...domains)).stdout);
    expect(face.url).toBe('app.example.net');
    const keys = await openVendorKeys([at('vendor.key.pub')]);
    expect((await verifyLicence(face.license, keys, 'file')).features).toHaveLength(5);
  });

  test.each<[string, string[], string]>([
    ['no end', [], '--expires'],
    ['no day', ['--expires', '2027-02-30'], 'not a day'],
    ['an end before the beginning', ['--expires', '2020-01-01'], 'exp: must be after nbf'],
    ['no such feature', ['--expires', nextYear, '--feature', 'iris'], 'no such feature'],
    ['no domain', ['--expires', nextYear, '--domain', 'https://a.example/'], 'domains.0'],
    ['nothing for url', ['--expires', nextYear, '--domain', '*.a.example'], '--url'],
    [
      'a foreign url',
      ['--expires', nextYear, '--domain', 'a.example', '--url', 'b.example'],
      '--url b.example',
    ],
    ['a period without volume', ['--expires', nextYear, '--per', 'year'], '--volume'],
    ['no number', ['--expires', nextYear, '--volume', '1e6'], 'not a whole number'],
  ])('refuses %s', async (_, args, words) => {
    const { code, stdout, stderr } = await issue(...args);
    expect([code, stdout]).toEqual([EXIT.usage, '']);
    expect(stderr).toContain(words);
  });

  test('needs a private key of the kind', async () => {
    const { code, stderr } = await inProcess(
      ...['license', 'issue', '--customer', 'x', '--expires', nextYear, '--url', 'a.example'],
      ...['--key', at('vendor.key.pub')],
    );
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('not a readable PEM private key');
  });
});

describe('license inspect', () => {
  test('shows a licence and says whether its signature holds', async () => {
    const path = await install('inspected.json', '--expires', nextYear, '--id', 'L-5');
    const known = await inProcess('license', 'inspect', path);
    expect(known.code).toBe(EXIT.ok);
    expect(known.stdout).toMatch(/^licence +L-5$/m);
    expect(known.stdout).toMatch(/^signature +holds$/m);
    delete process.env.GATEHOUSE_LICENCE_KEY;
    const unknown = json(await inProcess('license', 'inspect', path, '--json'));
    expect(unknown).toMatchObject({ ok: false, claims: { jti: 'L-5' } });
    const named = await inProcess('license', 'inspect', path, '--key', at('vendor.key.pub'));
    expect(named.code).toBe(EXIT.ok);
    // the licence by itself
    await Bun.write(at('bare'), (await Bun.file(path).json()).face.license);
    expect((await inProcess('license', 'inspect', at('bare'), '--key', at('vendor.key.pub'))).code)
      .toBe(EXIT.ok);
  });

  test('refuses what is neither licence nor report', async () => {
    await Bun.write(at('words'), 'words');
    expect((await inProcess('license', 'inspect', at('words'))).code).not.toBe(EXIT.ok);
    await Bun.write(at('other'), 'e30.e30.e30');
    expect((await inProcess('license', 'inspect', at('other'))).code).toBe(EXIT.usage);
  });
});

describe('license endorse', () => {
  test("lets a reseller's key count in a program with the vendor's", async () => {
    const endorse = ['license', 'endorse', at('reseller.key.pub'), '--key', at('vendor.key')];
    expect((await inProcess(...endorse)).code).toBe(EXIT.usage);
    const out = ['--name', 'Reseller', '--out', at('reseller.jws')];
    expect((await inProcess(...endorse, ...out)).code).toBe(EXIT.ok);
    const own = await Bun.file(at('vendor.key.pub')).text();
    expect((await openVendorKeys([at('reseller.jws')], own)).size).toBe(2);
    await expect(openVendorKeys([at('reseller.key.pub')], own)).rejects.toThrow('endorsed');
  });
});

describe('license status', () => {
  test('is evaluation without a licence, and leaves nothing behind', async () => {
    const data = at('none');
    const status = json(await inProcess('license', 'status', '--data', data, '--json'));
    expect(status).toMatchObject({ status: 'evaluation', answers: true, licence: null, used: 0 });
    expect(() => statSync(data)).toThrow();
  });

  test('says what is used and what was last seen', async () => {
    await install('used.json', '--expires', nextYear, '--volume', '2');
    const data = at('used');
    const status = () => inProcess('license', 'status', '--data', data, '--json');
    await withLicensing(data, bill);
    const one = await status();
    expect(json(one)).toMatchObject({ status: 'valid', used: 1, ledger_rows: 2 });
    expect(one.code).toBe(EXIT.ok);
    await withLicensing(data, bill);
    const spent = await status();
    expect(json(spent)).toMatchObject({ status: 'volume-spent', answers: false, used: 2 });
    expect(spent.code).toBe(EXIT.negative);
  });

  test('of a file that is no licence is an error of the installation', async () => {
    await install('broken.json', '--expires', nextYear);
    await Bun.write(at('broken.json'), '{"face": {"url": "a.example", "license": "QUJD"}}');
    const { code, stderr } = await inProcess('license', 'status');
    expect(code).toBe(EXIT.environment);
    expect(stderr).toContain('face.license: this is no licence of Gatehouse');
  });
});

describe('doctor', () => {
  const licenceOf = async (...args: string[]) => {
    const outcome = await inProcess('doctor', '--json', '--data', at('doctor'), ...args);
    return json(outcome).checks.find(({ check }: { check: string }) => check === 'licence');
  };

  test('warns of days of grace, fails beyond them', async () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const ended = ['--begins', '2025-01-01', '--expires', yesterday];
    await install('grace.json', ...ended, '--grace', '10');
    expect(await licenceOf()).toMatchObject({ status: 'warning' });
    await install('expired.json', ...ended);
    expect(await licenceOf()).toMatchObject({ status: 'failed' });
    await install('good.json', '--expires', nextYear);
    expect(await licenceOf()).toMatchObject({ status: 'ok' });
  }, 30_000);
});

describe('license report', () => {
  test('is signed by the installation and read by the vendor with its key set', async () => {
    await install('reported.json', '--expires', nextYear, '--id', 'L-9');
    const data = at('reported');
    await withLicensing(data, async (licensing) => {
      for (let i = 0; i < 3; i++) await bill(licensing);
    });
    const out = at('report.jws');
    const days = ['--from', today, '--to', nextYear];
    const made = await inProcess(
      'license',
      'report',
      ...days,
      '--data',
      data,
      '--out',
      out,
      '--json',
    );
    expect(made.code).toBe(EXIT.ok);
    expect(json(made)).toMatchObject({
      total: 3,
      transactions: [{ licence: 'L-9', action: 'MATCH121', count: 3 }],
      chain: { intact: true, records: 4, signed_to: 4 },
    });

    const { jwk } = await openSigningKey(join(data, 'keys'));
    await Bun.write(at('jwks.json'), JSON.stringify({ keys: [jwk] }));
    const read = await inProcess('license', 'inspect', out, '--keys', at('jwks.json'), '--json');
    expect(json(read)).toMatchObject({ ok: true, claims: { total: 3 } });
    expect(json(await inProcess('license', 'inspect', out, '--json'))).toMatchObject({ ok: false });
    const other = await openSigningKey(at('other-keys'));
    await Bun.write(at('other.json'), JSON.stringify({ keys: [other.jwk] }));
    const foreign = await inProcess('license', 'inspect', out, '--keys', at('other.json'));
    expect(foreign.code).toBe(EXIT.negative);
    expect(foreign.stdout).toMatch(/^signature +it is signed by an unknown key$/m);
  });

  test('of a ledger that was changed says so, in the report too', async () => {
    const data = at('changed');
    await withLicensing(data, async (licensing) => {
      for (let i = 0; i < 3; i++) await bill(licensing);
    });
    tamper(recordsPath(data), `UPDATE ledger SET body = replace(body, '"used":2', '"used":1')`);
    const days = ['--from', today, '--to', today];
    const made = await inProcess(
      ...['license', 'report', ...days, '--data', data, '--out', at('changed.jws'), '--json'],
    );
    expect(made.code).toBe(EXIT.negative);
    expect(json(made).chain).toMatchObject({ intact: false, broken: { seq: 3 } });
  });

  test('needs days in order and an installation with records', async () => {
    const report = (...args: string[]) => inProcess('license', 'report', ...args);
    expect((await report('--from', today)).code).toBe(EXIT.usage);
    expect((await report('--from', '2026-02-02', '--to', '2026-02-01')).code).toBe(EXIT.usage);
    const empty = await report('--from', today, '--to', today, '--data', at('nothing'));
    expect(empty.code).toBe(EXIT.environment);
    expect(empty.stderr).toContain('no such file');
  });
});
