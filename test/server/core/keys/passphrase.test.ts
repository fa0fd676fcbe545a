/** Where the passphrase of key files comes from. */
import { afterAll, expect, test } from 'bun:test';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passphraseOf, readPassphrase } from '../../../../server/core/keys/passphrase.ts';
import { loadConfig } from '../../../../server/mod.ts';

const folder = await mkdtemp(join(tmpdir(), 'gatehouse-passphrase-'));
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, text: string, mode = 0o400): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o600 });
  await chmod(path, mode);
  return path;
}

test('it is that of the settings, else the credential of systemd, else none', async () => {
  expect(passphraseOf(undefined, undefined)).toBeUndefined();
  expect(passphraseOf(undefined, folder)).toBeUndefined();
  await write('gatehouse.passphrase', 'handed over by systemd\n');
  expect(passphraseOf(undefined, folder)).toBe('handed over by systemd');
  expect(passphraseOf('of the settings', folder)).toBe('of the settings');
});

test('settings take it from a file or a variable', async () => {
  const path = await write('secret', 'correct horse battery\n');
  const passphrase = (env: Record<string, string>) => loadConfig(env).keysPassphrase;
  expect(passphrase({ GATEHOUSE_KEYS_PASSPHRASE_FILE: path })).toBe('correct horse battery');
  expect(passphrase({ GATEHOUSE_KEYS_PASSPHRASE: 'correct horse battery' }))
    .toBe('correct horse battery');
  expect(() => passphrase({ GATEHOUSE_KEYS_PASSPHRASE: 'short' }))
    .toThrow('must be a text of 12 to 1024 characters');
});

test('a file that others may read, or too short a one, is refused without a word of it', async () => {
  for (
    const [path, message] of [
      [await write('open', 'a secret of words', 0o644), 'open to other users'],
      [await write('short', 'secret'), 'at least 12 characters'],
      [join(folder, 'absent'), 'does not exist'],
    ]
  ) {
    let error: Error | undefined;
    try {
      readPassphrase(path);
    } catch (thrown) {
      error = thrown as Error;
    }
    expect(error?.message).toContain(message);
    expect(error?.message).not.toContain('secret');
  }
});
