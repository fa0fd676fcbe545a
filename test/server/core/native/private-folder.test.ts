/** The folder that native libraries are unpacked into, in a temp folder that others use as well. */
import { afterAll, beforeEach, expect, test } from 'bun:test';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateFolder } from '../../../../server/core/native/private-folder.ts';

const work = mkdtempSync(join(tmpdir(), 'gatehouse-private-'));
afterAll(() => rmSync(work, { recursive: true }));
const own = `gatehouse-${process.getuid?.()}`;

let base = '', count = 0;
beforeEach(() => {
  base = join(work, String(count++));
  mkdirSync(base);
  chmodSync(base, 0o1777);
});

test('is made for this user alone, whatever the umask, and used again', () => {
  const umask = process.umask(0);
  try {
    const folder = privateFolder(base);
    expect(folder).toBe(join(base, own));
    expect(statSync(folder).mode & 0o7777).toBe(0o700);
    writeFileSync(join(folder, 'library'), '');
    expect(privateFolder(base)).toBe(folder);
    expect(statSync(join(folder, 'library')).isFile()).toBe(true);
  } finally {
    process.umask(umask);
  }
});

test.each<[string, (path: string) => void]>([
  ['open to others', (path) => {
    mkdirSync(path);
    chmodSync(path, 0o755);
  }],
  ['a link to a folder of ours', (path) => {
    mkdirSync(join(base, 'ours'), { mode: 0o700 });
    symlinkSync(join(base, 'ours'), path);
  }],
  ['a file', (path) => writeFileSync(path, '')],
])('is not used when it is %s', (_, plant) => {
  plant(join(base, own));
  expect(() => privateFolder(base)).toThrow(
    `${
      join(base, own)
    } is not a folder of this user alone: set TMPDIR to a folder that only this user may write to`,
  );
});

test.skipIf(process.getuid?.() !== 0)('is not used when it is somebody else’s', () => {
  mkdirSync(join(base, own), { mode: 0o700 });
  Bun.spawnSync(['chown', '12345', join(base, own)]);
  expect(() => privateFolder(base)).toThrow('is not a folder of this user alone');
});

test('says where it cannot be made', () => {
  expect(() => privateFolder(join(base, 'nowhere'))).toThrow('cannot be written (ENOENT)');
});
