/** Administrators: both factors are needed, a code counts once, and the file gives neither away. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessFile, accessPath } from '../../../../server/core/access/access-file.ts';
import { AdminStore } from '../../../../server/core/access/admin-store.ts';
import { Sessions } from '../../../../server/core/access/sessions.ts';
import { oneTimePassword, stepOf } from '../../../../server/core/access/totp.ts';

// password hashes are slow on purpose, slower beside other tests
setDefaultTimeout(30_000);

const folder = await mkdtemp(join(tmpdir(), 'gatehouse-admins-'));
afterAll(() => rm(folder, { recursive: true }));

const NOW = 1_800_000_000_000;
const STEP_MS = 30_000;
const PASSWORD = 'correct horse battery';
const codeAt = (secret: Uint8Array, nowMs: number) => oneTimePassword(secret, stepOf(nowMs));

const file = AccessFile.open(accessPath(folder));
const admins = new AdminStore(file);

describe('an administrator', () => {
  test('logs in with password and code, each code once', async () => {
    expect(await admins.any()).toBe(false);
    const secret = await admins.put('ops', PASSWORD, NOW);
    expect([await admins.any(), await admins.has('ops'), await admins.has('other')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(await admins.verify('ops', PASSWORD, codeAt(secret, NOW), NOW)).toBe(true);
    expect(await admins.verify('ops', PASSWORD, codeAt(secret, NOW), NOW)).toBe(false);
    // nor the one before it, which was not used
    expect(await admins.verify('ops', PASSWORD, codeAt(secret, NOW - STEP_MS), NOW)).toBe(false);
    const later = NOW + STEP_MS;
    expect(await admins.verify('ops', PASSWORD, codeAt(secret, later), later)).toBe(true);
  });

  test('does not log in with anything less', async () => {
    const secret = await admins.put('ops', PASSWORD, NOW);
    const code = codeAt(secret, NOW);
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    for (
      const [name, password, given] of [
        ['ops', `${PASSWORD} `, code],
        ['ops', 'x', code],
        ['ops', PASSWORD, wrong],
        ['ops', PASSWORD, ''],
        ['OPS', PASSWORD, code],
        ['nobody', PASSWORD, code],
        ['', PASSWORD, code],
      ]
    ) {
      expect([name, password, await admins.verify(name, password, given, NOW)]).toEqual([
        name,
        password,
        false,
      ]);
    }
    expect(await admins.verify('ops', PASSWORD, code, NOW)).toBe(true);
  });

  test('of two logins with one code at the same time, one gets in', async () => {
    const secret = await admins.put('ops', PASSWORD, NOW);
    const code = codeAt(secret, NOW);
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => admins.verify('ops', PASSWORD, code, NOW)),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  test('that is reset has other credentials, and its sessions end', async () => {
    const old = await admins.put('ops', PASSWORD, NOW);
    const sessions = new Sessions(file);
    const { id } = await sessions.begin('ops', NOW);
    const secret = await admins.put('ops', 'another password', NOW + 1);
    expect(await sessions.use(id, NOW + 2)).toBeUndefined();
    expect(await admins.verify('ops', PASSWORD, codeAt(old, NOW), NOW)).toBe(false);
    expect(await admins.verify('ops', 'another password', codeAt(old, NOW), NOW)).toBe(false);
    expect(await admins.verify('ops', 'another password', codeAt(secret, NOW), NOW)).toBe(true);
    expect(await admins.list()).toEqual([{ name: 'ops', changedMs: NOW + 1 }]);
  });

  test('that is removed is gone, with its sessions', async () => {
    const secret = await admins.put('gone', PASSWORD, NOW);
    const sessions = new Sessions(file);
    const { id } = await sessions.begin('gone', NOW);
    expect([await admins.remove('gone'), await admins.remove('gone')]).toEqual([true, false]);
    expect(await sessions.use(id, NOW)).toBeUndefined();
    expect(await admins.verify('gone', PASSWORD, codeAt(secret, NOW), NOW)).toBe(false);
  });
});

test('the file has neither password nor secret, and the hash is argon2id', async () => {
  const secret = await admins.put('ops', PASSWORD, NOW);
  const [row] = await file.all<{ password_hash: string; totp: Uint8Array }>('SELECT * FROM admin');
  expect(row.password_hash).toStartWith('$argon2id$v=19$m=65536,t=3,p=1$');
  expect(Buffer.from(row.totp).includes(secret)).toBe(false);
  const bytes = Buffer.concat(
    await Promise.all(['', '-wal'].map((suffix) => readFile(accessPath(folder) + suffix))),
  );
  expect(bytes.includes(row.password_hash)).toBe(true);
  for (const part of [secret, PASSWORD]) expect(bytes.includes(part)).toBe(false);
});
