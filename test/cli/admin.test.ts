/** `gatehouse admin ...`: administrators are added, reset, listed and removed. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessFile, accessPath } from '../../server/core/access/access-file.ts';
import { AdminStore } from '../../server/core/access/admin-store.ts';
import { oneTimePassword, stepOf } from '../../server/core/access/totp.ts';
import { inProcess, json } from './support.ts';

// password hashes are slow on purpose, slower beside other tests
setDefaultTimeout(30_000);

const data = await mkdtemp(join(tmpdir(), 'gatehouse-admin-'));
afterAll(() => rm(data, { recursive: true }));
const admin = (...args: string[]) => inProcess('admin', ...args, '--data', data);

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
function fromBase32(text: string): Uint8Array {
  const bits = [...text].map((char) => BASE32.indexOf(char).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

async function verify(password: string, secret: string): Promise<boolean> {
  const file = AccessFile.open(accessPath(data));
  const code = oneTimePassword(fromBase32(secret), stepOf(Date.now()));
  const holds = await new AdminStore(file).verify('ops', password, code, Date.now());
  file.close();
  return holds;
}

describe('an administrator', () => {
  test('is added with a random password, and logs in with what was printed', async () => {
    const made = json(await admin('create', 'ops', '--json'));
    expect(made.password).toMatch(/^[a-z2-7]{5}(-[a-z2-7]{5}){3}$/);
    expect(made.totp_uri).toBe(
      `otpauth://totp/Gatehouse:ops?secret=${made.totp_secret}&issuer=Gatehouse`,
    );
    expect(await verify(made.password, made.totp_secret)).toBe(true);
    const listed = await admin('list');
    expect(listed.stdout).toContain('ops');
    expect(json(await admin('list', '--json'))).toMatchObject([{ name: 'ops', passkeys: 0 }]);
    expect(listed.stdout).not.toContain(made.password);
  });

  test('is not added twice; a reset replaces both factors', async () => {
    expect((await admin('create', 'ops')).code).toBe(2);
    const path = join(data, 'password');
    await writeFile(path, 'correct horse battery\n', { mode: 0o600 });
    const reset = await admin('reset', 'ops', '--password-file', path);
    expect(reset.stdout).not.toContain('horse');
    const secret = /^authenticator {2}([A-Z2-7]{32})$/m.exec(reset.stdout)?.[1] ?? '';
    expect(await verify('correct horse battery', secret)).toBe(true);
    // any characters, however many, as they are
    const long = `Ünïcode 密码 ${'correct horse battery staple '.repeat(4)}.`;
    await writeFile(path, long, { mode: 0o600 });
    const anew = await admin('reset', 'ops', '--password-file', path);
    const next = /^authenticator {2}([A-Z2-7]{32})$/m.exec(anew.stdout)?.[1] ?? '';
    expect(await verify(long.slice(0, 72), next)).toBe(false);
    expect(await verify(long.toLowerCase(), next)).toBe(false);
    expect(await verify(long, next)).toBe(true);
  });

  test('is removed', async () => {
    expect((await admin('remove', 'ops')).code).toBe(0);
    expect(await admin('remove', 'ops')).toMatchObject({ code: 1 });
    expect(await admin('reset', 'ops')).toMatchObject({ code: 1, stdout: '' });
    expect(json(await admin('list', '--json'))).toEqual([]);
  });
});

test('a wrong command line, or a password that is none, is refused', async () => {
  const short = join(data, 'short'), open = join(data, 'open');
  await writeFile(short, 'secret', { mode: 0o600 });
  await writeFile(open, 'correct horse battery', { mode: 0o644 });
  const product = join(data, 'product'), own = join(data, 'own');
  await writeFile(product, 'My-GateHouse-2026', { mode: 0o600 });
  await writeFile(own, 'the secret of OPS', { mode: 0o600 });
  const common = join(data, 'common');
  await writeFile(common, 'Password2026', { mode: 0o600 });
  for (
    const [args, code] of [
      [['create'], 2],
      [['create', 'a b'], 2],
      [['create', 'ops', 'more'], 2],
      [['create', 'ops', '--password-file', short], 2],
      [['create', 'ops', '--password-file', open], 4],
      [['create', 'ops', '--password-file', product], 2],
      [['create', 'ops', '--password-file', own], 2],
      [['create', 'ops', '--password-file', common], 2],
      [['remove'], 2],
    ] as const
  ) {
    const outcome = await admin(...args);
    expect([args, outcome.code]).toEqual([args, code]);
    expect(outcome.stderr).not.toContain('secret');
  }
});
