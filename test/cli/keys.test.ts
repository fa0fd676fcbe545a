/** `gatehouse keys ...`: keys are listed, replaced, encrypted, put under another passphrase. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSigningKey } from '../../server/core/keys/signing-key.ts';
import { openCaptureKeys } from '../../server/identy/mod.ts';
import { inProcess, json, type Outcome } from './support.ts';

// password hashes are slow on purpose, slower beside other tests
setDefaultTimeout(30_000);

const data = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'));
const folder = join(data, 'keys');
const OLD = 'correct horse battery', NEW = 'staple of another';
const file = (name: string) => join(data, name);
await writeFile(file('old'), `${OLD}\n`, { mode: 0o600 });
await writeFile(file('new'), `${NEW}\n`, { mode: 0o600 });
afterAll(async () => {
  delete process.env.GATEHOUSE_KEYS_PASSPHRASE_FILE;
  await rm(data, { recursive: true });
});

function keys(args: string[], passphrase?: string): Promise<Outcome> {
  if (passphrase === undefined) delete process.env.GATEHOUSE_KEYS_PASSPHRASE_FILE;
  else process.env.GATEHOUSE_KEYS_PASSPHRASE_FILE = file(passphrase);
  return inProcess('keys', ...args, '--data', data);
}
const encrypted = async (): Promise<boolean[]> =>
  json(await keys(['list', '--json'])).files.map(({ encrypted }: { encrypted: boolean }) =>
    encrypted
  );

describe('keys', () => {
  test('are not there before the first start', async () => {
    expect((await keys(['list'])).stderr).toContain('no keys in');
    expect((await keys(['rotate', 'signing'])).code).toBe(1);
  });

  test('are listed, and replaced', async () => {
    const before = await openSigningKey(folder);
    const capture = await openCaptureKeys(folder);
    const rotated = json(await keys(['rotate', 'signing', '--json']));
    expect(rotated.retired).toBe(before.jwk.kid);
    expect((await openSigningKey(folder)).jwk.kid).toBe(rotated.current);
    expect(json(await keys(['rotate', 'capture', '--json'])))
      .toEqual({ made: 'capture-2.pem', removed: [] });
    expect((await openCaptureKeys(folder)).find(capture.current.id)).toBeDefined();
    const listed = await keys(['list']);
    for (const part of ['capture-2.pem', 'in the clear', `${before.jwk.kid}  retired`]) {
      expect(listed.stdout).toContain(part);
    }
  });

  test('are encrypted under the passphrase of the settings, and the same after that', async () => {
    const { jwk } = await openSigningKey(folder);
    expect((await keys(['encrypt'])).code).toBe(2);
    expect(await encrypted()).toEqual([false, false, false]);
    expect((await keys(['encrypt'], 'old')).code).toBe(0);
    expect(await encrypted()).toEqual([true, true, true]);
    expect((await openSigningKey(folder, { passphrase: OLD })).jwk).toEqual(jwk);
    expect((await keys(['encrypt'], 'old')).code).toBe(0);
    const careless = await keys(['rotate', 'capture']);
    expect(careless.stderr).toContain('a new one needs their passphrase');
    expect(await encrypted()).toEqual([true, true, true]);
  });

  test('are rotated under it', async () => {
    expect((await keys(['rotate', 'signing'])).stderr).toContain('it is encrypted');
    expect((await keys(['rotate', 'signing', '--withdraw'], 'old')).code).toBe(0);
    expect(await encrypted()).not.toContain(false);
  });

  test('go under another passphrase, all of them or none', async () => {
    const wrong = await keys(['passphrase', '--new', file('new')]);
    expect([wrong.code, wrong.stdout]).toEqual([4, '']);
    const capture = join(folder, 'capture-1.pem');
    const before = await Bun.file(capture).text();
    expect((await keys(['passphrase', '--new', file('new')], 'old')).code).toBe(0);
    await openSigningKey(folder, { passphrase: NEW });
    // as if it had been cut off before that file
    await Bun.write(capture, before);
    expect((await keys(['passphrase', '--new', file('new')], 'old')).code).toBe(0);
    await openCaptureKeys(folder, { passphrase: NEW });
    expect((await keys(['passphrase', '--new', file('old')], 'new')).code).toBe(0);
    await Promise.all([
      openSigningKey(folder, { passphrase: OLD }),
      openCaptureKeys(folder, { passphrase: OLD }),
    ]);
    expect((await readdir(folder)).filter((name) => name.endsWith('.new'))).toEqual([]);
  });
});

test('a wrong command line is told what to type', async () => {
  for (
    const args of [['rotate'], ['rotate', 'all'], ['rotate', 'capture', '--withdraw'], [
      'passphrase',
    ]]
  ) {
    expect([args, (await keys(args)).code]).toEqual([args, 2]);
  }
});
