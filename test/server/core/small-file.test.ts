/** Files that an operator has put somewhere: who may share them. */
import { afterAll, expect, test } from 'bun:test';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSmallFile } from '../../../server/core/small-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'gatehouse-small-'));
afterAll(() => rm(folder, { recursive: true }));

async function shared(mode: number, owner?: number): Promise<boolean> {
  const path = join(folder, 'file');
  await writeFile(path, 'text');
  await chmod(path, mode);
  if (owner !== undefined) await chown(path, owner, 0);
  const file = readSmallFile(path, 100);
  await rm(path);
  if (typeof file === 'string') throw new Error(file);
  return file.shared;
}

test('our own files are ours alone', async () => {
  expect(await shared(0o600)).toBe(false);
  expect(await shared(0o400)).toBe(false);
  for (const mode of [0o640, 0o660, 0o604, 0o644, 0o610, 0o601]) {
    expect([mode, await shared(mode)]).toEqual([mode, true]);
  }
});

test.skipIf(process.getuid?.() !== 0)(
  'a file of another user may be handed over to a group, which may not write it [needs root]',
  async () => {
    expect(await shared(0o440, 12_345)).toBe(false);
    expect(await shared(0o640, 12_345)).toBe(false);
    for (const mode of [0o460, 0o444, 0o644]) {
      expect([mode, await shared(mode, 12_345)]).toEqual([mode, true]);
    }
  },
);
