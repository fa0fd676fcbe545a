import { afterAll, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify, importJWK } from 'jose';
import { openSigningKey } from '../../../../server/core/keys/signing-key.ts';

const folders: string[] = [];
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'));
  folders.push(made);
  return join(made, 'keys');
}
afterAll(() => Promise.all(folders.map((made) => rm(made, { recursive: true }))));

describe('the signing key', () => {
  test('is made once, for its owner alone, and is the same at the next start', async () => {
    const keys = await folder();
    const first = await openSigningKey(keys);
    const [file] = await readdir(keys);
    expect(await readdir(keys)).toEqual(['verdict-signing.pem']);
    expect((await stat(keys)).mode & 0o777).toBe(0o700);
    expect((await stat(join(keys, file))).mode & 0o777).toBe(0o600);
    expect((await openSigningKey(keys)).jwk).toEqual(first.jwk);
  });

  test('is one key when several servers start at once', async () => {
    const keys = await folder();
    const opened = await Promise.all(Array.from({ length: 8 }, () => openSigningKey(keys)));
    expect(new Set(opened.map(({ jwk }) => jwk.kid)).size).toBe(1);
    expect(await readdir(keys)).toEqual(['verdict-signing.pem']);
  });

  test('is published without its secret', async () => {
    const { jwk } = await openSigningKey(await folder());
    expect(Object.keys(jwk).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(jwk).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
  });

  test('signs what its public half checks', async () => {
    const key = await openSigningKey(await folder());
    const token = await key.sign({ verdict: true, name: 'Zoë' }, 'test+jwt');
    const { payload, protectedHeader } = await compactVerify(token, await importJWK(key.jwk));
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual({ verdict: true, name: 'Zoë' });
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'test+jwt', kid: key.jwk.kid! });
    const other = await openSigningKey(await folder());
    expect(compactVerify(token, await importJWK(other.jwk))).rejects.toThrow();
  });

  test('that is none is refused by its path, without a word of its contents', async () => {
    for (
      const contents of [
        '',
        'secret words',
        '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
      ]
    ) {
      const keys = await folder();
      await openSigningKey(keys);
      const path = join(keys, 'verdict-signing.pem');
      await writeFile(path, contents);
      const error = await openSigningKey(keys).then(() => undefined, (thrown) => thrown);
      expect(error).toMatchObject({
        code: 'CONFIG_INVALID',
        message: `${path}: no P-256 key in PKCS #8`,
      });
    }
  });

  test('that cannot be read is no reason to make another', async () => {
    const keys = await folder();
    await mkdir(join(keys, 'verdict-signing.pem'), { recursive: true });
    expect(openSigningKey(keys)).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readdir(keys)).toEqual(['verdict-signing.pem']);
  });
});
