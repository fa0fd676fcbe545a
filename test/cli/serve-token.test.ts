/** `gatehouse serve` with keys under a PKCS #11 token: it starts, and each thing that is wrong ends the start in words. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Token } from '../../server/core/pkcs11/token.ts';
import { describeWithToken, PIN, SoftToken } from '../server/support/soft-token.ts';
import { Served } from './served.ts';

setDefaultTimeout(60_000);

const MAIN = new URL('../../main.ts', import.meta.url).pathname;

describeWithToken('a server with a token', () => {
  let soft: SoftToken;
  beforeAll(async () => {
    soft = await SoftToken.make();
    await writeFile(join(soft.folder, 'pin'), `${PIN}\n`, { mode: 0o600 });
    await writeFile(join(soft.folder, 'wrong-pin'), 'not the PIN\n', { mode: 0o600 });
    Token.use(soft.settings, (token) => token.makeKey(), true);
  });
  afterAll(() => soft.remove());

  const environment = (changes: Record<string, string> = {}) => ({
    ...soft.env,
    GATEHOUSE_PORT: '0',
    GATEHOUSE_WORKERS: '1',
    GATEHOUSE_DATA: join(soft.folder, 'data'),
    GATEHOUSE_KEYS_PKCS11_MODULE: soft.settings.module,
    GATEHOUSE_KEYS_PKCS11_TOKEN: 'gate',
    GATEHOUSE_KEYS_PKCS11_KEY: 'kek',
    GATEHOUSE_KEYS_PKCS11_PIN_FILE: join(soft.folder, 'pin'),
    ...changes,
  });

  test('starts, and the same key signs after the next start', async () => {
    const keyIds: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      const served = new Served(soft.folder, environment());
      const { url } = await served.line('listening');
      const { keys } = await (await fetch(`${url}.well-known/jwks.json`)).json();
      keyIds.push(keys[0].kid);
      expect(await served.end()).toBe(0);
    }
    expect(keyIds[0]).toBe(keyIds[1]);
    const pem = await readFile(join(soft.folder, 'data/keys/verdict-signing.pem'), 'utf8');
    expect(pem).toContain('BEGIN ENCRYPTED PRIVATE KEY');
  });

  test('goes on without the token', async () => {
    const served = new Served(soft.folder, environment());
    const { url } = await served.line('listening');
    const tokens = join(soft.folder, 'tokens');
    await rename(tokens, `${tokens}.away`);
    expect((await fetch(`${url}.well-known/jwks.json`)).status).toBe(200);
    await rename(`${tokens}.away`, tokens);
    expect(await served.end()).toBe(0);
  });

  async function start(changes: Record<string, string>): Promise<[number, string]> {
    const child = Bun.spawn([process.execPath, MAIN, 'serve'], {
      cwd: soft.folder,
      env: { PATH: process.env.PATH, ...environment(changes) },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const said = await new Response(child.stderr).text() + await new Response(child.stdout).text();
    return [await child.exited, said];
  }

  test('does not start with anything wrong, names the setting, and has the PIN nowhere', async () => {
    await writeFile(join(soft.folder, 'passphrase'), 'correct horse battery', { mode: 0o600 });
    for (
      const [changes, words] of [
        [
          { PIN_FILE: join(soft.folder, 'wrong-pin') },
          'keys.pkcs11_pin: the token refuses it (CKR_PIN_INCORRECT)',
        ],
        [{ PIN_FILE: '' }, 'keys.pkcs11_pin: the token needs one'],
        [{ TOKEN: 'missing' }, 'keys.pkcs11_token: missing: there is no such token, only gate'],
        [{ TOKEN: '' }, 'needs keys.pkcs11_token'],
        [{ KEY: 'missing' }, 'keys.pkcs11_key: missing: '],
        [{ MODULE: '/missing.so' }, 'keys.pkcs11_module: /missing.so does not exist'],
        [{ MODULE: join(soft.folder, 'pin') }, 'is no PKCS #11 module'],
        [{ MODULE: '' }, 'keys.pkcs11_token'],
      ] as const
    ) {
      const variables = Object.fromEntries(
        Object.entries(changes).map(([name, value]) => [`GATEHOUSE_KEYS_PKCS11_${name}`, value]),
      );
      const [code, said] = await start(variables);
      expect([words, code, said]).toEqual([words, 4, expect.stringContaining(words)]);
      for (const pin of [PIN, 'not the PIN']) expect(said).not.toContain(pin);
    }
    const [code, said] = await start({
      GATEHOUSE_KEYS_PASSPHRASE_FILE: join(soft.folder, 'passphrase'),
    });
    expect([code, said]).toEqual([4, expect.stringContaining('not both')]);
  });
});
