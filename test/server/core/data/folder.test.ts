/** Upgrade and rollback of a data folder: marks, backups, migrations, refusals. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import {
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
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { listBackups, restoreBackup } from '../../../../server/core/data/backups.ts';
import { openDataFolder, requireDataFolder } from '../../../../server/core/data/folder.ts';
import { readMark } from '../../../../server/core/data/mark.ts';
import type { Migration } from '../../../../server/core/data/migrations.ts';
import { ServerError } from '../../../../server/core/errors.ts';

let work = '', folder = '', count = 0;

beforeAll(async () => work = await mkdtemp(join(tmpdir(), 'gatehouse-data-')));
afterAll(() => rm(work, { recursive: true, force: true }));
beforeEach(() => folder = join(work, `data-${count++}`));

const AT = new Date('2026-11-26T19:00:00.123Z');
const LATER = new Date('2026-11-27T08:00:00Z');
/** Format 2 of a program to come: the trust store has another place. */
const moveTrust: Migration = (data) => rename(join(data, 'trust'), join(data, 'anchors'));
const one = { program: '1.0.0', now: () => AT, migrations: [] };
const two = { program: '2.0.0', now: () => AT, migrations: [moveTrust] };

async function fill(): Promise<void> {
  await mkdir(join(folder, 'keys'), { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'keys/verdict-signing.pem'), 'a secret', { mode: 0o600 });
  await mkdir(join(folder, 'trust'));
  await writeFile(join(folder, 'trust/trust-store.der'), new Uint8Array([1, 2, 3]));
}

/** Path -> mode and contents of every file, the backups aside. */
async function contents(of = folder): Promise<Record<string, string>> {
  const entries = await readdir(of, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(of, path).startsWith('backups/'));
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => {
      const mode = (await stat(path)).mode & 0o777;
      return [relative(of, path), `${mode.toString(8)} ${await readFile(path, 'latin1')}`];
    })),
  );
}

async function refusal(run: Promise<unknown>): Promise<string> {
  const error = await run.then(() => undefined, (error: unknown) => error);
  expect(error).toBeInstanceOf(ServerError);
  expect((error as ServerError).code).toBe('DATA_FORMAT');
  return (error as ServerError).message;
}

describe('opening', () => {
  test('marks a folder that is new, or holds only what an operator put there', async () => {
    expect(await openDataFolder(folder, one)).toBeUndefined();
    expect(await readMark(folder)).toEqual({ format: 1, writtenBy: '1.0.0' });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await rm(join(folder, 'format.json'));
    await writeFile(join(folder, 'clients.json'), '{}');
    expect(await openDataFolder(folder, one)).toBeUndefined();
    expect(await listBackups(folder)).toEqual([]);
  });

  test('backs up what an older program left, and migrates it', async () => {
    await fill();
    await openDataFolder(folder, one);
    const before = await contents();
    const backup = 'format-1-20261126T190000Z';
    expect(await openDataFolder(folder, two)).toEqual({ from: 1, to: 2, backup });
    expect(await contents(join(folder, 'backups', backup))).toEqual(before);
    expect((await stat(join(folder, 'backups'))).mode & 0o777).toBe(0o700);
    expect(await readMark(folder)).toEqual({ format: 2, writtenBy: '2.0.0' });
    expect((await contents())['keys/verdict-signing.pem']).toBe('600 a secret');
  });

  test('goes through every format in between', async () => {
    await fill();
    await openDataFolder(folder, one);
    const order: number[] = [];
    const step = (n: number): Migration => async (data) => {
      order.push(n);
      expect(await readMark(data)).toMatchObject({ format: n, unfinished: 'migration' });
    };
    const migrations = [step(1), step(2), step(3)];
    await openDataFolder(folder, { program: '4.0.0', migrations });
    expect(order).toEqual([1, 2, 3]);
    expect((await readMark(folder))?.format).toBe(4);
  });

  test('changes nothing in a folder of its own format', async () => {
    await fill();
    await openDataFolder(folder, one);
    const before = await contents();
    expect(await openDataFolder(folder, { ...one, program: '1.0.1' })).toBeUndefined();
    expect(await contents()).toEqual(before);
    expect(await listBackups(folder)).toEqual([]);
  });

  test('keeps links as links and does not back up backups', async () => {
    await fill();
    await symlink('/nowhere/else', join(folder, 'packs'));
    await openDataFolder(folder, one);
    await openDataFolder(folder, two);
    await openDataFolder(folder, { program: '3.0.0', migrations: [moveTrust, async () => {}] });
    const backups = (await listBackups(folder)).map(({ name }) => join(folder, 'backups', name));
    expect(backups.length).toBe(2);
    for (const backup of backups) {
      const entries = await readdir(backup, { withFileTypes: true });
      expect(entries.find(({ name }) => name === 'packs')?.isSymbolicLink()).toBe(true);
      expect(entries.map(({ name }) => name)).not.toContain('backups');
    }
  });

  test('refuses a mark that is none, whatever its bytes', async () => {
    await mkdir(folder);
    const path = join(folder, 'format.json');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 5000 }),
      fc.json().map((text) => new TextEncoder().encode(text)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (mark) => {
        await writeFile(path, mark);
        const message = await refusal(openDataFolder(folder, one));
        expect(message).toBe(`${path} is not the mark of a data folder`);
        expect(new Uint8Array(await readFile(path))).toEqual(mark);
      }),
      { numRuns: 100 },
    );
  });
});

describe('upgrade and rollback', () => {
  test('an older program refuses newer data, and runs on the backup of before', async () => {
    await fill();
    await openDataFolder(folder, one);
    const old = await contents();
    expect(await openDataFolder(folder, two)).toEqual({
      from: 1,
      to: 2,
      backup: 'format-1-20261126T190000Z',
    });
    const upgraded = await contents();
    expect(Object.keys(upgraded)).toContain('anchors/trust-store.der');

    expect(await refusal(openDataFolder(folder, one))).toBe(
      `${folder} has format 2, written by Gatehouse 2.0.0; this is Gatehouse 1.0.0, which reads ` +
        'formats up to 1. Run the newer program, or put the newest backup back: ' +
        'gatehouse data restore format-1-20261126T190000Z (in backups/)',
    );
    expect(await contents()).toEqual(upgraded);

    const kept = await restoreBackup(folder, 'format-1-20261126T190000Z', {
      newest: 1,
      program: '1.0.0',
      at: LATER,
    });
    expect(await contents()).toEqual(old);
    expect(await openDataFolder(folder, one)).toBeUndefined();
    expect(await contents(join(folder, 'backups', kept))).toEqual(upgraded);

    await openDataFolder(folder, { ...two, now: () => LATER });
    expect((await contents())['anchors/trust-store.der']).toBe(old['trust/trust-store.der']);
  });

  test('a backup whose mark is lost is restored by its name', async () => {
    await fill();
    await openDataFolder(folder, one);
    const { backup } = (await openDataFolder(folder, two))!;
    await rm(join(folder, 'backups', backup, 'format.json'));
    await restoreBackup(folder, backup, { newest: 1, program: '1.0.0', at: LATER });
    expect(await readMark(folder)).toEqual({ format: 1, writtenBy: '1.0.0' });
  });

  test('a migration that fails leaves a folder that nobody opens until a backup is back', async () => {
    await fill();
    await openDataFolder(folder, one);
    const old = await contents();
    const halfWay: Migration = async (data) => {
      await moveTrust(data);
      throw new Error('disk full');
    };
    const broken = { ...two, migrations: [halfWay] };
    await expect(openDataFolder(folder, broken)).rejects.toThrow('disk full');
    for (const program of [one, two, broken]) {
      expect(await refusal(openDataFolder(folder, program))).toBe(
        `${folder}: a migration did not come to its end; put the newest backup back: ` +
          'gatehouse data restore format-1-20261126T190000Z (in backups/)',
      );
    }
    const options = { newest: 1, program: '1.0.0', at: LATER };
    const kept = await restoreBackup(folder, 'format-1-20261126T190000Z', options);
    expect(await contents()).toEqual(old);
    // what was half way is kept, and never offered
    expect(kept).toStartWith('unfinished-1-');
    expect((await listBackups(folder)).map(({ format }) => format)).toEqual([1]);
    expect(await refusal(restoreBackup(folder, kept, options))).toContain('there is no backup');
  });

  test('a restore that was cut off is ended by another', async () => {
    await fill();
    await openDataFolder(folder, one);
    const old = await contents();
    await openDataFolder(folder, two);
    await rm(join(folder, 'keys'), { recursive: true });
    await writeFile(
      join(folder, 'format.json'),
      '{"format":2,"writtenBy":"2.0.0","unfinished":"restore"}',
    );
    expect(await refusal(openDataFolder(folder, two))).toContain(
      'a restore did not come to its end',
    );
    const options = { newest: 1, program: '1.0.0', at: LATER };
    await restoreBackup(folder, 'format-1-20261126T190000Z', options);
    expect(await contents()).toEqual(old);
  });

  test('restores backups only, and none that is too new', async () => {
    await fill();
    await openDataFolder(folder, one);
    await openDataFolder(folder, two);
    const options = { newest: 2, program: '2.0.0', at: AT };
    for (const name of ['..', '../keys', 'keys', '.partial-format-1-20261126T190000Z', '']) {
      expect(await refusal(restoreBackup(folder, name, options))).toBe(
        `there is no backup ${name}`,
      );
    }
    const kept = await restoreBackup(folder, 'format-1-20261126T190000Z', options);
    expect(kept).toBe('format-2-20261126T190000Z');
    expect(await refusal(restoreBackup(folder, kept, { ...options, newest: 1 }))).toBe(
      'the backup has format 2, Gatehouse 2.0.0 reads up to 1',
    );
  });
});

describe('commands beside a server', () => {
  test('mark a new folder, use one of this format, and refuse others', async () => {
    await requireDataFolder(folder);
    expect((await readMark(folder))?.format).toBe(1);
    await requireDataFolder(folder);
    expect(await refusal(requireDataFolder(folder, two))).toContain('start the server once');
    expect(await listBackups(folder)).toEqual([]);
    folder = join(work, `data-${count++}`);
    await requireDataFolder(folder, two);
    expect(await refusal(requireDataFolder(folder))).toContain('Run the newer program');
  });
});
