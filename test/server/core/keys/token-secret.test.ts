/** Keys under a token: made, opened again, gone over to another key, and every way in which they do not open. */
import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test';
import { constants, publicEncrypt } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { ServerError } from '../../../../server/core/errors.ts';
import { openProtection, tokenOf } from '../../../../server/core/keys/protection.ts';
import { openSigningKey } from '../../../../server/core/keys/signing-key.ts';
import {
  openOrMakeTokenSecret,
  openTokenSecret,
  rewrapTokenSecret,
  tokenSecretPath,
  tryTokenKey,
} from '../../../../server/core/keys/token-secret.ts';
import { Token, type TokenSettings } from '../../../../server/core/pkcs11/token.ts';
import { describeWithToken, PIN, SoftToken } from '../../support/soft-token.ts';

// an RSA key takes its time, and so do passphrases
setDefaultTimeout(30_000);

const NONE = {
  keysPassphrase: undefined,
  pkcs11Module: undefined,
  pkcs11Token: undefined,
  pkcs11Key: 'gatehouse',
  pkcs11Pin: undefined,
};

describe('the token of the settings', () => {
  test('is none without a module, and needs a PIN with one', () => {
    expect(tokenOf(NONE, undefined)).toBeUndefined();
    const settings = { ...NONE, pkcs11Module: '/m.so', pkcs11Token: 't' };
    expect(() => tokenOf(settings, undefined)).toThrow('keys.pkcs11_pin: the token needs one');
    expect(() =>
      tokenOf({ ...settings, keysPassphrase: 'x'.repeat(12), pkcs11Pin: '1' }, undefined)
    )
      .toThrow('keys.passphrase: keys are under it or under a token');
    expect(tokenOf({ ...settings, pkcs11Pin: '1234' }, undefined)).toEqual({
      module: '/m.so',
      token: 't',
      key: 'gatehouse',
      pin: '1234',
    });
  });
});

describeWithToken('keys under a token', () => {
  let soft: SoftToken, settings: TokenSettings, folder: string;
  beforeAll(async () => {
    soft = await SoftToken.make();
    ({ settings } = soft);
    for (const key of ['kek', 'kek-2']) {
      Token.use({ ...settings, key }, (token) => token.makeKey(), true);
    }
    folder = join(soft.folder, 'keys');
  });
  afterAll(() => soft.remove());
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const configured = (key = 'kek') => ({
    ...NONE,
    pkcs11Module: settings.module,
    pkcs11Token: settings.token,
    pkcs11Key: key,
    pkcs11Pin: settings.pin,
  });
  const open = (purpose: 'read' | 'make' | 'convert' = 'make', key?: string) =>
    openProtection(configured(key), folder, undefined, purpose);
  const refusal = async (work: () => unknown): Promise<string> => {
    try {
      await work();
      return 'taken';
    } catch (error) {
      if (error instanceof ServerError) return `${error.code} ${error.message}`;
      throw error;
    }
  };

  test('are made with the first start, and open with each one after it', async () => {
    const { jwk } = await openSigningKey(folder, await open());
    const names = (await readdir(folder)).toSorted();
    expect(names).toEqual(['token-secret.json', 'verdict-signing.pem']);
    for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    const pem = await readFile(join(folder, 'verdict-signing.pem'), 'utf8');
    expect(pem).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect((await openSigningKey(folder, await open())).jwk).toEqual(jwk);
    const { passphrase = '' } = await open();
    expect(passphrase).toMatch(/^[\w-]{43}$/);
    const kept = await readFile(tokenSecretPath(folder), 'utf8');
    for (const secret of [passphrase, PIN]) expect(kept).not.toContain(secret);
    // what SoftHSM can
    expect(JSON.parse(kept)).toMatchObject({ format: 1, key: 'kek', algorithm: 'RSA-OAEP' });
  });

  test('of two processes that make the secret at once, both have the same', async () => {
    const [one, two] = await Promise.all([0, 1].map(() => openOrMakeTokenSecret(folder, settings)));
    expect(one).toBe(two);
    expect(await readdir(folder)).toEqual(['token-secret.json']);
  });

  test('to be read need no secret, and make none', async () => {
    expect(await open('read')).toEqual({ passphrase: undefined });
    expect(await refusal(() => readdir(folder)).catch(({ code }) => code)).toBe('ENOENT');
  });

  test('go over to another key of the token, and stay the same', async () => {
    const { jwk } = await openSigningKey(folder, await open());
    await rewrapTokenSecret(folder, settings, 'kek-2');
    expect((await openSigningKey(folder, await open('make', 'kek-2'))).jwk).toEqual(jwk);
    expect(await refusal(() => open())).toContain(
      `keys.pkcs11_key: kek: ${tokenSecretPath(folder)} is encrypted for kek-2`,
    );
    expect(await refusal(() => rewrapTokenSecret(folder, settings, 'kek'))).toContain('kek-2');
    const before = await readFile(tokenSecretPath(folder), 'utf8');
    const now = { ...settings, key: 'kek-2' };
    expect(await refusal(() => rewrapTokenSecret(folder, now, 'missing'))).toContain(
      'gate has no public RSA key',
    );
    expect(await readFile(tokenSecretPath(folder), 'utf8')).toBe(before);
  });

  test('that are encrypted and have lost their secret are not given another', async () => {
    await openSigningKey(folder, await open());
    await rm(tokenSecretPath(folder));
    expect(await refusal(() => open())).toContain(
      `CONFIG_INVALID ${tokenSecretPath(folder)} is missing, and the keys beside it are encrypted`,
    );
    expect(await readdir(folder)).toEqual(['verdict-signing.pem']);
    expect((await open('convert')).passphrase).toBeDefined();
  });

  test('whose secret was changed, or is open to others, do not open', async () => {
    await open();
    const path = tokenSecretPath(folder);
    const kept = JSON.parse(await readFile(path, 'utf8'));
    const secret = Buffer.from(kept.secret, 'base64');
    secret[7] ^= 1;
    for (
      const [wrong, words] of [
        [{ ...kept, secret: secret.toString('base64') }, 'keys.pkcs11_key: kek: C_Decrypt: CKR_'],
        [{ ...kept, secret: '' }, 'keys.pkcs11_key: kek: C_Decrypt: CKR_'],
        [{ ...kept, algorithm: 'RSA1_5' }, `${path}: no secret of a token`],
        [{ ...kept, format: 2 }, `${path}: no secret of a token`],
        [{ ...kept, more: 1 }, `${path}: no secret of a token`],
        [[], `${path}: no secret of a token`],
      ] as const
    ) {
      await writeFile(path, JSON.stringify(wrong));
      expect(await refusal(() => open())).toContain(words);
    }
    await chmod(path, 0o644);
    expect(await refusal(() => open())).toContain('is open to other users');
  });

  test('do not open with a secret that somebody else has encrypted for the token', async () => {
    await open();
    const path = tokenSecretPath(folder);
    const kept = JSON.parse(await readFile(path, 'utf8'));
    const key = Token.use(settings, (token) => token.publicKey());
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const short = publicEncrypt({ key, padding, oaepHash: 'sha1' }, new Uint8Array(5));
    await writeFile(path, JSON.stringify({ ...kept, secret: short.toString('base64') }));
    expect(await refusal(() => open())).toContain(`${path}: what kek opens is no secret of ours`);
  });

  test('do not open with anything else in place of the secret', async () => {
    await mkdir(folder, { recursive: true });
    const path = tokenSecretPath(folder);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.json(), fc.uint8Array()),
        async (contents) => {
          await writeFile(path, contents, { mode: 0o600 });
          expect(await refusal(() => openTokenSecret(folder, settings))).toBe(
            `CONFIG_INVALID ${path}: no secret of a token`,
          );
        },
      ),
    );
  });

  test('are tried without being touched', () => {
    expect(tryTokenKey(settings)).toEqual({ bits: 3072, algorithm: 'RSA-OAEP' });
  });

  test('need the PIN that systemd hands over, where none is set', async () => {
    const credentials = await mkdtemp(join(soft.folder, 'credentials-'));
    await writeFile(join(credentials, 'gatehouse.pkcs11-pin'), `${PIN}\n`, { mode: 0o600 });
    const withoutPin = { ...configured(), pkcs11Pin: undefined };
    const { passphrase } = await openProtection(withoutPin, folder, credentials, 'make');
    expect(await open()).toEqual({ passphrase });
  });
});
