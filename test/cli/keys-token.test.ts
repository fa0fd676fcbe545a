/** `gatehouse keys ...` with a PKCS #11 token: from keys in the clear to the token, to another key of it, and back. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openProtection } from '../../server/core/keys/protection.ts';
import { openSigningKey } from '../../server/core/keys/signing-key.ts';
import { tokenSecretPath } from '../../server/core/keys/token-secret.ts';
import { describeWithToken, PIN, SoftToken } from '../server/support/soft-token.ts';
import { inProcess, json, type Outcome } from './support.ts';

// keys and passphrases are slow on purpose
setDefaultTimeout(60_000);

const PASSPHRASE = 'correct horse battery';
const VARIABLES = ['MODULE', 'TOKEN', 'KEY', 'PIN_FILE'].map((name) =>
  `GATEHOUSE_KEYS_PKCS11_${name}`
);

describeWithToken('keys under a token', () => {
  let soft: SoftToken, data: string, folder: string;
  beforeAll(async () => {
    soft = await SoftToken.make();
    data = join(soft.folder, 'data');
    folder = join(data, 'keys');
    await mkdir(data, { mode: 0o700 });
    await writeFile(join(soft.folder, 'pin'), `${PIN}\n`, { mode: 0o600 });
    await writeFile(join(soft.folder, 'wrong-pin'), 'not the PIN\n', { mode: 0o600 });
    await writeFile(join(soft.folder, 'passphrase'), PASSPHRASE, { mode: 0o600 });
  });
  afterAll(async () => {
    for (const name of VARIABLES) delete process.env[name];
    await soft.remove();
  });

  function keys(args: string[], key: string | undefined, pin = 'pin'): Promise<Outcome> {
    const { module, token } = soft.settings;
    const values = [module, token, key, join(soft.folder, pin)];
    for (const [i, name] of VARIABLES.entries()) {
      if (key === undefined) delete process.env[name];
      else process.env[name] = values[i];
    }
    return inProcess(...args, '--data', data);
  }
  const file = (name: string) => join(soft.folder, name);
  const doctor = async (key: string, pin?: string) => {
    const outcome = await keys(['doctor', '--json'], key, pin);
    return json(outcome).checks.find(({ check }: { check: string }) => check === 'private keys');
  };

  test('need a token, and a key on it', async () => {
    const none = await keys(['keys', 'token', 'create'], undefined);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no token is set')]);
    const encrypt = await keys(['keys', 'encrypt'], 'kek');
    expect([encrypt.code, encrypt.stderr]).toEqual([
      4,
      expect.stringContaining('keys.pkcs11_key: kek: gate has no public RSA key'),
    ]);
    const wrong = await keys(['keys', 'token', 'create'], 'kek', 'wrong-pin');
    expect([wrong.code, wrong.stderr]).toEqual([4, expect.stringContaining('CKR_PIN_INCORRECT')]);
    expect(wrong.stderr).not.toContain('not the PIN');
  });

  test('are made there once, and work', async () => {
    const made = json(await keys(['keys', 'token', 'create', '--json'], 'kek'));
    expect(made).toEqual({ token: 'gate', key: 'kek', bits: 3072, algorithm: 'RSA-OAEP' });
    const again = await keys(['keys', 'token', 'create'], 'kek');
    expect([again.code, again.stderr]).toEqual([
      2,
      expect.stringContaining('has a key kek already'),
    ]);
  });

  test('come from a passphrase, whole', async () => {
    const { jwk } = await openSigningKey(folder, { passphrase: PASSPHRASE });
    const careless = await keys(['keys', 'encrypt'], 'kek');
    expect(careless.stderr).toContain('keys encrypt --passphrase FILE');
    expect(existsSync(tokenSecretPath(folder))).toBe(false);
    const args = ['keys', 'encrypt', '--passphrase', file('passphrase'), '--json'];
    expect(json(await keys(args, 'kek'))).toEqual({ encrypted: ['verdict-signing.pem'] });
    expect(openSigningKey(folder, { passphrase: PASSPHRASE })).rejects.toThrow();
    expect(json(await keys(['keys', 'list', '--json'], 'kek')).files).toMatchObject([
      { encrypted: true },
    ]);
    expect(await doctor('kek')).toEqual({
      check: 'private keys',
      status: 'ok',
      reason: 'token gate, key kek (RSA 3072, RSA-OAEP); 1 keys, 0 in the clear',
    });
    expect(await doctor('kek', 'wrong-pin')).toMatchObject({
      status: 'failed',
      reason: 'keys.pkcs11_pin: the token refuses it (CKR_PIN_INCORRECT)',
    });
    const { passphrase } = await protection();
    expect((await openSigningKey(folder, { passphrase })).jwk).toEqual(jwk);
  });

  test('are rotated, listed without the token, and go over to another key of it', async () => {
    const rotated = json(await keys(['keys', 'rotate', 'signing', '--json'], 'kek'));
    expect(await readFile(join(folder, 'verdict-signing.pem'), 'utf8')).toContain('ENCRYPTED');
    const listed = json(await keys(['keys', 'list', '--json'], 'kek', 'wrong-pin'));
    expect([listed.files.length, listed.retired]).toEqual([1, []]);
    expect((await keys(['keys', 'token', 'create', '--key', 'kek-2'], 'kek')).code).toBe(0);
    expect((await keys(['keys', 'token', 'rewrap', '--to', 'kek-2'], 'kek')).code).toBe(0);
    expect((await keys(['keys', 'rotate', 'capture'], 'kek')).stderr).toContain('kek-2');
    const signing = await openSigningKey(folder, await protection('kek-2'));
    expect(signing.jwk.kid).toBe(rotated.current);
  });

  test('go back under a passphrase', async () => {
    const args = ['keys', 'passphrase', '--new', file('passphrase')];
    expect((await keys(args, 'kek-2')).code).toBe(0);
    expect(existsSync(tokenSecretPath(folder))).toBe(false);
    await openSigningKey(folder, { passphrase: PASSPHRASE });
  });

  async function protection(key = 'kek') {
    const { module, token, pin } = soft.settings;
    const settings = {
      keysPassphrase: undefined,
      pkcs11Module: module,
      pkcs11Token: token,
      pkcs11Key: key,
      pkcs11Pin: pin,
    };
    return await openProtection(settings, folder, undefined, 'read');
  }
});
