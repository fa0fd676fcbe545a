/** Backups of a data folder in use, and data folders made of them: whole, checked, or not at all. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { AccessFile, accessPath } from '../../../../server/core/access/access-file.ts';
import { AdminStore } from '../../../../server/core/access/admin-store.ts';
import { walkStored } from '../../../../server/core/chain/walk.ts';
import { openDataFolder } from '../../../../server/core/data/folder.ts';
import { putBack } from '../../../../server/core/data/put-back.ts';
import { saveDataFolder } from '../../../../server/core/data/save.ts';
import { readSums, SUMS_FILE, writeSums } from '../../../../server/core/data/sums.ts';
import { ServerError } from '../../../../server/core/errors.ts';
import { KeySet } from '../../../../server/core/keys/key-set.ts';
import { openSigningKey } from '../../../../server/core/keys/signing-key.ts';
import { Records, recordsPath } from '../../../../server/core/records.ts';
import { SqliteStore } from '../../../../server/core/store/sqlite-store.ts';

let work = '', data = '', into = '', count = 0;
const NOW = { newest: 1, program: '1.0.0' };

beforeAll(async () => work = await mkdtemp(join(tmpdir(), 'gatehouse-backup-')));
afterAll(() => rm(work, { recursive: true, force: true }));
beforeEach(async () => {
  data = join(work, `data-${count}`);
  into = join(work, `backup-${count++}`);
  await openDataFolder(data, { program: '1.0.0' });
  await openSigningKey(join(data, 'keys'));
  await mkdir(join(data, 'trust'));
  await writeFile(join(data, 'trust/trust-store.der'), new Uint8Array([1, 2, 3]));
  await mkdir(join(data, 'backups/format-1-20261126T190000Z'), { recursive: true });
  await writeFile(join(data, 'backups/format-1-20261126T190000Z/old'), 'an older backup');
});

async function refusal(run: Promise<unknown>): Promise<[string, string]> {
  const error = await run.then(() => undefined, (error: unknown) => error);
  expect(error).toBeInstanceOf(ServerError);
  const { code, message } = error as ServerError;
  return [code, message.replaceAll(work, '')];
}

/** Every file below a folder, and its mode. */
async function modes(folder: string): Promise<[string, string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name)).sort();
  return await Promise.all(files.map(async (path): Promise<[string, string]> => [
    path.slice(folder.length + 1),
    ((await stat(path)).mode & 0o777).toString(8),
  ]));
}

describe('a backup', () => {
  test('has all but older backups, for its owner alone', async () => {
    await chmod(join(data, 'trust/trust-store.der'), 0o644);
    AccessFile.open(accessPath(data)).close();
    SqliteStore.open(recordsPath(data)).close();
    const saved = await saveDataFolder(data, into);
    expect(saved.files).toBe(5);
    expect(await modes(into)).toEqual([
      ['SHA256SUMS', '600'],
      ['access.db', '600'],
      ['format.json', '600'],
      ['gatehouse.db', '600'],
      ['keys/verdict-signing.pem', '600'],
      ['trust/trust-store.der', '600'],
    ]);
    for (const folder of ['', 'keys', 'trust']) {
      expect((await stat(join(into, folder))).mode & 0o777).toBe(0o700);
    }
    const check = Bun.spawnSync(['sha256sum', '--check', '--quiet', SUMS_FILE], { cwd: into });
    expect(check.exitCode).toBe(0);
    const list = Bun.spawnSync(['sha256sum', SUMS_FILE], { cwd: into });
    expect(list.stdout.toString()).toStartWith(saved.sha256);
  });

  test('has the files that links lead to, as secrets of container platforms do', async () => {
    await mkdir(join(data, 'keys/..2026'));
    await rename(join(data, 'keys/verdict-signing.pem'), join(data, 'keys/..2026/v.pem'));
    await symlink('..2026', join(data, 'keys/..data'));
    await symlink('..data/v.pem', join(data, 'keys/verdict-signing.pem'));
    const { keyId } = await openSigningKey(join(data, 'keys'));
    await saveDataFolder(data, into);
    expect((await openSigningKey(join(into, 'keys'))).keyId).toBe(keyId);
  });

  test('is taken at one moment while records are appended', async () => {
    const writer = new URL('../../support/append-process.ts', import.meta.url).pathname;
    const child = Bun.spawn([process.execPath, writer, recordsPath(data), '1000000']);
    const store = SqliteStore.open(recordsPath(data));
    const newest = async () => (await store.newest('audit'))?.seq ?? 0;
    try {
      while (await newest() < 50) await Bun.sleep(5);
      const before = await newest();
      await saveDataFolder(data, into);
      // nobody had to wait for it to end
      const after = await newest();
      while (await newest() <= after) await Bun.sleep(5);

      await putBack(into, `${data}-new`, NOW);
      const restored = SqliteStore.open(recordsPath(`${data}-new`), { create: false });
      const walk = await walkStored(restored, 'audit', await KeySet.of());
      restored.close();
      expect(walk.intact).toBe(true);
      expect(walk.records).toBeGreaterThanOrEqual(before);
      expect(walk.records).toBeLessThanOrEqual(after);
    } finally {
      child.kill();
      await child.exited;
      store.close();
    }
  });

  test('has files of one moment, although they are replaced meanwhile', async () => {
    const paths = Array.from({ length: 60 }, (_, i) => join(data, 'trust', `${i}.crl`));
    for (const path of paths) writeFileSync(path, 'version 0');
    const pair = [paths[0], paths[59]];
    let saving = true;
    const changes = (async () => {
      for (let version = 1; saving && version < 200; version++) {
        for (const path of pair) {
          writeFileSync(`${path}.new`, `version ${version}`);
          renameSync(`${path}.new`, path);
        }
        await Bun.sleep(1);
      }
    })();
    await saveDataFolder(data, into);
    saving = false;
    await changes;
    const [one, other] = await Promise.all(
      pair.map((path) => readFile(join(into, path.slice(data.length)), 'utf8')),
    );
    expect(one).toBe(other);
  });

  test('is made nowhere that has something, nor inside the data', async () => {
    await mkdir(into);
    expect(await refusal(saveDataFolder(data, into))).toEqual([
      'BACKUP_INVALID',
      `${into.slice(work.length)} is there already`,
    ]);
    for (const inside of [join(data, 'copy'), join(data, 'keys/copy')]) {
      const [code, message] = await refusal(saveDataFolder(data, inside));
      expect([code, message]).toEqual(['BACKUP_INVALID', expect.stringContaining('is inside')]);
    }
    expect((await readdir(work)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('of a database that is broken is refused and leaves nothing', async () => {
    await writeFile(recordsPath(data), 'SQLite format 3\0 and then nothing of the kind');
    const [code] = await refusal(saveDataFolder(data, into));
    expect(code).toBe('STORAGE_FAILED');
    expect((await readdir(work)).filter((name) => name.startsWith('backup-0.'))).toEqual([]);
    expect(await stat(into).catch(() => undefined)).toBeUndefined();
  });
});

describe('a data folder made of a backup', () => {
  test('has the same keys, records and administrators, closed to others', async () => {
    const key = await openSigningKey(join(data, 'keys'));
    const records = new Records(SqliteStore.open(recordsPath(data)), { signingKey: key });
    await records.audit.record({ kind: 'server-stopped' });
    await records.close();
    const access = AccessFile.open(accessPath(data));
    await new AdminStore(access).put('ops', 'a long password', 0);
    access.close();
    await saveDataFolder(data, into);

    const made = `${data}-new`;
    expect(await putBack(into, made, NOW)).toEqual({ files: 5, format: 1 });
    expect((await stat(made)).mode & 0o777).toBe(0o700);
    for (const [path, mode] of await modes(made)) {
      // the mark says which program it is for, and no secret
      if (path !== 'format.json') expect([path, mode]).toEqual([path, '600']);
    }
    const restored = await openSigningKey(join(made, 'keys'));
    expect(restored.jwk).toEqual(key.jwk);
    const store = SqliteStore.open(recordsPath(made), { create: false });
    const walk = await walkStored(store, 'audit', await KeySet.of(restored.jwk));
    store.close();
    expect(walk).toMatchObject({ intact: true, records: 1, signedTo: 1 });
    const file = AccessFile.open(accessPath(made));
    expect(await new AdminStore(file).has('ops')).toBe(true);
    file.close();
  });

  test('may be an empty volume, and is never one that has something', async () => {
    await saveDataFolder(data, into);
    const volume = `${data}-volume`;
    await mkdir(join(volume, 'lost+found'), { recursive: true });
    await putBack(into, volume, NOW);
    const [code, message] = await refusal(putBack(into, volume, NOW));
    expect([code, message]).toEqual(['DATA_FORMAT', expect.stringContaining('is not empty')]);
  });

  test('is not made of data of a newer program', async () => {
    await writeFile(join(data, 'format.json'), '{"format":2,"writtenBy":"2.0.0"}');
    await saveDataFolder(data, into);
    const [code, message] = await refusal(putBack(into, `${data}-new`, NOW));
    expect(code).toBe('DATA_FORMAT');
    expect(message).toContain('format 2, written by Gatehouse 2.0.0');
  });

  const KEY = 'keys/verdict-signing.pem';
  test.each<[string, () => Promise<unknown>, string]>([
    ['a changed file', () => appendFile(join(into, KEY), ' '), `${KEY} is not what`],
    ['a missing file', () => rm(join(into, KEY)), `${KEY} is missing`],
    ['a file more', () => writeFile(join(into, 'keys/evil.pem'), ''), 'keys/evil.pem is not of'],
    ['a link', () => symlink('/etc/passwd', join(into, 'trust/link')), 'trust/link is not of'],
    ['no list', () => rm(join(into, SUMS_FILE)), 'there is no SHA256SUMS'],
    ['half a list', () => writeFile(join(into, SUMS_FILE), 'ab'), 'it is cut off'],
  ])('is not made of one with %s', async (_, damage, words) => {
    await saveDataFolder(data, into);
    await damage();
    const [code, message] = await refusal(putBack(into, `${data}-new`, NOW));
    expect([code, message]).toEqual(['BACKUP_INVALID', expect.stringContaining(words)]);
    expect(await stat(`${data}-new`).catch(() => undefined)).toBeUndefined();
  });
});

describe('the list of a backup', () => {
  const sum = 'a'.repeat(64);

  test('is read as it is written, whatever files are called', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    fc.assert(fc.property(fc.uniqueArray(name, { minLength: 1 }), (names) => {
      const sums = new Map(names.map((path) => [path, sum]));
      let text: string;
      try {
        text = writeSums(sums);
      } catch (error) {
        expect((error as ServerError).code).toBe('BACKUP_INVALID');
        return;
      }
      expect(new Map(readSums(text))).toEqual(sums);
    }));
  });

  test('of somebody else names no file elsewhere', () => {
    const part = fc.constantFrom('..', '.', '', 'a', '/', '\\', '\n', '\0', ` ${sum}`, `${sum}  `);
    fc.assert(fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      let sums;
      try {
        sums = readSums(`${sum}  ${parts.join('/')}\n`);
      } catch (error) {
        expect((error as ServerError).code).toBe('BACKUP_INVALID');
        return;
      }
      for (const path of sums.keys()) expect(join('/x', path)).toBe(`/x/${path}`);
    }));
  });
});
