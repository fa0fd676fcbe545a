import { afterAll, describe, expect, test } from 'bun:test';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  compactVerify,
  createLocalJWKSet,
  decodeProtectedHeader,
  importJWK,
  type JSONWebKeySet,
} from 'jose';
import { DAY_MS } from '../../../../server/core/day.ts';
import { openSigningKey, rotateSigningKey } from '../../../../server/core/keys/signing-key.ts';

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
    expect(openSigningKey(keys)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await readdir(keys)).toEqual(['verdict-signing.pem']);
  });

  test('that others may read is not used', async () => {
    const keys = await folder();
    await openSigningKey(keys);
    for (const mode of [0o640, 0o604, 0o660]) {
      await chmod(join(keys, 'verdict-signing.pem'), mode);
      expect(openSigningKey(keys)).rejects.toThrow('open to other users: chmod 600 it');
    }
  });

  test('is encrypted where there is a passphrase, and opens with that one alone', async () => {
    const keys = await folder();
    const protection = { passphrase: 'correct horse battery' };
    const { jwk } = await openSigningKey(keys, protection);
    const path = join(keys, 'verdict-signing.pem');
    expect(await Bun.file(path).text()).toStartWith('-----BEGIN ENCRYPTED PRIVATE KEY-----');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await openSigningKey(keys, protection)).jwk).toEqual(jwk);
    expect(openSigningKey(keys)).rejects.toThrow('it is encrypted');
    expect(openSigningKey(keys, { passphrase: 'correct horse batterz' }))
      .rejects.toThrow('does not open with this passphrase');
  });
});

describe('a rotation', () => {
  test('leaves the public halves of old keys published for a while, the newest first', async () => {
    const keys = await folder();
    const first = (await openSigningKey(keys)).jwk;
    await rotateSigningKey(keys, {}, { publish: true, nowMs: 0 });
    const second = (await openSigningKey(keys)).jwk;
    await rotateSigningKey(keys, {}, { publish: true, nowMs: 10 * DAY_MS });
    const key = await openSigningKey(keys);
    const ids = (nowMs: number) => key.published(nowMs, 30 * DAY_MS).map(({ kid }) => kid);
    expect(ids(11 * DAY_MS)).toEqual([key.jwk.kid, second.kid, first.kid]);
    expect(ids(31 * DAY_MS)).toEqual([key.jwk.kid, second.kid]);
    expect(ids(41 * DAY_MS)).toEqual([key.jwk.kid]);
    expect(key.published(11 * DAY_MS, 30 * DAY_MS)).toEqual([key.jwk, second, first]);
    expect((await readdir(keys)).toSorted())
      .toEqual(['verdict-signing-retired.json', 'verdict-signing.pem']);
  });

  test('leaves old results checkable', async () => {
    const keys = await folder();
    const key = await openSigningKey(keys);
    const old = await key.sign({ verdict: 1 }, 'test+jwt');
    await rotateSigningKey(keys, {}, { publish: true, nowMs: 0 });
    key.replaceWith(await openSigningKey(keys));
    const fresh = await key.sign({ verdict: 2 }, 'test+jwt');
    const set = createLocalJWKSet({ keys: key.published(1, DAY_MS) } as JSONWebKeySet);
    for (const token of [old, fresh]) expect(compactVerify(token, set)).resolves.toBeDefined();
    const kids = [old, fresh].map((token) => decodeProtectedHeader(token).kid);
    expect(new Set(kids).size).toBe(2);
  });

  test('of a key that somebody else may have withdraws it, and keeps those before it', async () => {
    const keys = await folder();
    const first = (await openSigningKey(keys)).jwk;
    await rotateSigningKey(keys, {}, { publish: true, nowMs: 0 });
    await rotateSigningKey(keys, {}, { publish: false, nowMs: 0 });
    const key = await openSigningKey(keys);
    expect(key.published(0, DAY_MS)).toEqual([key.jwk, first]);
  });

  test('that breaks off between its two files changes nothing', async () => {
    const keys = await folder();
    const path = join(keys, 'verdict-signing.pem');
    await openSigningKey(keys);
    for (let round = 0; round < 3; round++) {
      const before = await openSigningKey(keys);
      const pem = await Bun.file(path).text();
      await rotateSigningKey(keys, {}, { publish: true, nowMs: 0 });
      // as if the second file had not been written
      await writeFile(path, pem, { mode: 0o600 });
      const after = await openSigningKey(keys);
      expect(after.published(0, DAY_MS)).toEqual(before.published(0, DAY_MS));
      await rotateSigningKey(keys, {}, { publish: true, nowMs: 0 });
    }
    expect((await openSigningKey(keys)).published(0, DAY_MS)).toHaveLength(4);
  });

  test('needs a key', async () => {
    const keys = await folder();
    expect(rotateSigningKey(keys, {}, { publish: true, nowMs: 0 }))
      .rejects.toThrow('verdict-signing.pem does not exist');
  });
});
