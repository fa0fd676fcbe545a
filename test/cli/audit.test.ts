/** The audit commands, and what other commands leave in the trail. */
import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../cli/command.ts';
import { withRecords } from '../../cli/records.ts';
import { openSigningKey } from '../../server/core/keys/signing-key.ts';
import { recordsPath } from '../../server/core/records.ts';
import { LiveTrustStore } from '../../server/core/trust-store-file.ts';
import { SqliteStore } from '../../server/core/store/sqlite-store.ts';
import { createLogger } from '../../server/core/logging.ts';
import { makeSpecimen } from '../server/docval/support/documents.ts';
import { all, FillingStore, tamper } from '../server/support/chains.ts';
import { Records } from '../../server/core/records.ts';
import { inProcess, json } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

let data: string;
let count = 0;
/** A trail of five records, signed at the third and the last. */
beforeEach(async () => {
  data = join(folder, String(count++));
  for (const records of [3, 2]) {
    await withRecords(data, true, async ({ audit }) => {
      for (let i = 0; i < records; i++) {
        await audit.record({ kind: 'configuration', settings: { port: i } });
      }
    });
  }
});

const verify = (...args: string[]) => inProcess('audit', 'verify', '--data', data, ...args);
const events = async () => {
  const store = SqliteStore.open(recordsPath(data));
  const records = await all(store.read('audit'));
  store.close();
  return records.map(({ topic, body }) => [topic, JSON.parse(body)]);
};

describe('audit verify', () => {
  test('walks both chains and their signatures', async () => {
    const { code, stdout } = await verify();
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/^audit +intact: 5 records, 2 signed checkpoints, the last at 5$/m);
    expect(stdout).toMatch(/^ledger +intact: 0 records/m);
  });

  test.each([
    ['a changed record', `UPDATE audit SET body = '{}' WHERE seq = 2`, 2, 'changed'],
    ['a changed time', `UPDATE audit SET time_ms = 0 WHERE seq = 4`, 4, 'changed'],
    ['a missing record', `DELETE FROM audit WHERE seq = 3`, 3, 'missing'],
    ['a missing end', `DELETE FROM audit WHERE seq >= 4`, 4, 'checkpoint at record 5'],
    ['no records at all', `DELETE FROM audit`, 1, 'missing'],
    [
      'a changed signature',
      `UPDATE checkpoint SET jws = jws || 'A' WHERE seq = 3`,
      3,
      'does not hold',
    ],
  ])('finds %s and names the first record that is wrong', async (_, statement, seq, words) => {
    tamper(recordsPath(data), statement);
    const outcome = await verify('--json');
    expect(outcome.code).toBe(EXIT.negative);
    const { ok, chains } = json(outcome);
    const { broken } = chains.find(({ chain }: { chain: string }) => chain === 'audit');
    expect([ok, broken.seq]).toEqual([false, seq]);
    expect(broken.reason).toContain(words);
    expect((await verify()).stdout).toContain(`BROKEN: record ${seq} `);
  });

  test('knows the keys of before a change of key when they are given', async () => {
    const { jwk } = await openSigningKey(join(data, 'keys'));
    rmSync(join(data, 'keys'), { recursive: true });
    await withRecords(data, true, ({ audit }) => audit.record({ kind: 'server-stopped' }));
    const without = await verify();
    expect(without.code).toBe(EXIT.negative);
    expect(without.stdout).toContain('record 3 the checkpoint at this record does not hold');
    await Bun.write(join(data, 'before.json'), JSON.stringify({ keys: [jwk] }));
    expect((await verify('--keys', join(data, 'before.json'))).code).toBe(EXIT.ok);
  });

  test('of a folder without records is no success', async () => {
    const outcome = await inProcess('audit', 'verify', '--data', join(folder, 'nowhere'));
    expect(outcome.code).toBe(EXIT.environment);
  });
});

describe('audit export', () => {
  test('writes lines that verify, here and with the key set alone', async () => {
    const out = join(data, 'trail.jsonl');
    const made = await inProcess('audit', 'export', '--data', data, '--out', out);
    expect(made.code).toBe(EXIT.ok);
    const lines = (await Bun.file(out).text()).trimEnd().split('\n');
    // the export is an event too
    expect(lines).toHaveLength(7);
    expect(JSON.parse(lines[5])).toMatchObject({
      kind: 'audit-exported',
      event: { actor: { type: 'operator', uid: process.getuid?.() } },
    });
    expect((await verify(out)).stdout).toBe('intact: 6 records\n');
    const { jwk } = await openSigningKey(join(data, 'keys'));
    await Bun.write(join(data, 'jwks.json'), JSON.stringify({ keys: [jwk] }));
    const elsewhere = ['--data', join(folder, 'elsewhere'), '--keys', join(data, 'jwks.json')];
    expect((await inProcess('audit', 'verify', out, ...elsewhere)).code).toBe(EXIT.ok);

    await Bun.write(out, lines.toSpliced(2, 1).join('\n') + '\n');
    const cut = await verify(out);
    expect(cut.code).toBe(EXIT.negative);
    expect(cut.stdout).toBe('BROKEN: record 3: missing: the next one is 4\n');
  });

  test('begins with a day', async () => {
    const later = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const none = await inProcess('audit', 'export', '--data', data, '--from', later);
    expect(none.stdout.trimEnd().split('\n')).toHaveLength(1);
    const today = new Date().toISOString().slice(0, 10);
    const { stdout } = await inProcess('audit', 'export', '--data', data, '--from', today);
    expect(stdout.trimEnd().split('\n').length).toBeGreaterThan(6);
  });

  test('of a broken trail is refused', async () => {
    tamper(recordsPath(data), `UPDATE audit SET body = '{}' WHERE seq = 2`);
    const outcome = await inProcess('audit', 'export', '--data', data);
    expect([outcome.code, outcome.stdout]).toEqual([EXIT.negative, '']);
    expect(outcome.stderr).toContain('record 2 changed');
  });
});

describe('the trust store', () => {
  const specimen = makeSpecimen();
  const csca = [...specimen.trust.contents.anchors.values()][0].object.raw;

  test('is imported with a record of who, what and the result', async () => {
    const file = join(data, 'csca.cer');
    await Bun.write(file, csca);
    const at = ['--at', '2026-01-01'];
    const imported = await inProcess('pki', 'import', file, '--data', data, ...at);
    expect(imported.code).toBe(EXIT.ok);
    const [kind, event] = (await events()).at(-1)!;
    expect(kind).toBe('trust-store-imported');
    const store = await Bun.file(join(data, 'trust', 'trust-store.der')).bytes();
    expect(event).toMatchObject({
      actor: { type: 'operator', uid: process.getuid?.() },
      sha256: new Bun.CryptoHasher('sha256').update(store).digest('hex'),
      files: ['csca.cer'],
      added: 1,
    });
    // the server says that it works with the same
    await withRecords(data, true, async ({ audit }) => {
      const live = new LiveTrustStore(join(data, 'trust'), createLogger('error', () => {}), audit);
      expect((await live.current()).contents.anchors.size).toBe(1);
      await live.current();
    });
    const loaded = (await events()).filter(([kind]) => kind === 'trust-store-loaded');
    expect(loaded).toEqual([
      ['trust-store-loaded', {
        actor: { type: 'server' },
        sha256: event.sha256,
        anchors: 1,
        crls: 0,
      }],
    ]);
  });

  test('is not imported when that cannot be recorded', async () => {
    const file = join(data, 'csca.cer');
    await Bun.write(file, csca);
    tamper(recordsPath(data), 'PRAGMA user_version = 99');
    const refused = await inProcess('pki', 'import', file, '--data', data);
    expect(refused.code).toBe(EXIT.environment);
    expect(await Bun.file(join(data, 'trust', 'trust-store.der')).exists()).toBe(false);
  });

  test('elsewhere is no part of the installation', async () => {
    const file = join(data, 'csca.cer');
    await Bun.write(file, csca);
    const before = await events();
    const trust = ['--trust', join(folder, 'loose-trust')];
    expect((await inProcess('pki', 'import', file, ...trust, '--data', data)).code).toBe(EXIT.ok);
    expect(await events()).toEqual(before);
  });

  test('is not used by the server before that is recorded', async () => {
    const file = join(data, 'csca.cer');
    await Bun.write(file, csca);
    await inProcess('pki', 'import', file, '--data', data);
    const store = new FillingStore();
    const { audit } = new Records(store);
    const live = new LiveTrustStore(join(data, 'trust'), createLogger('error', () => {}), audit);
    store.full = true;
    expect((await live.current()).contents.anchors.size).toBe(0);
    store.full = false;
    expect((await live.current()).contents.anchors.size).toBe(1);
  });
});
