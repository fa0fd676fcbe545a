/** Signed packs from the command line: keys made by OpenSSL, export, import, verify, and a server that asks for signatures. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../cli/command.ts';
import { tinyPack, writePack } from '../models/support/tiny-pack.ts';
import { inProcess, json } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-signing-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const pem = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }) as string;

let pack: string;
beforeAll(async () => {
  pack = await writePack(at('source'), tinyPack());
  for (const name of ['ours', 'theirs']) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    await Bun.write(at(`${name}.key`), pem(privateKey));
    await Bun.write(at(`${name}.pub`), pem(publicKey));
  }
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
  await Bun.write(at('rsa.key'), pem(rsa.privateKey));
});

describe('models export', () => {
  test('writes a folder as one file that verifies and installs', async () => {
    const out = at('plain.gpack');
    const exported = json(await inProcess('models', 'export', out, '--pack', pack, '--json'));
    expect(exported).toMatchObject({ file: out, signed: false });
    expect((await inProcess('models', 'verify', out)).code).toBe(EXIT.ok);
    const installed = json(await inProcess('models', 'import', out, '--data', at('d1'), '--json'));
    expect(installed).toMatchObject({ id: exported.id, signed: false });
  });

  test('signs with a key, leaving the source as it was; who asks for that key accepts it', async () => {
    const out = at('signed.gpack');
    const signed = ['models', 'export', out, '--pack', pack, '--sign', at('ours.key')];
    expect(json(await inProcess(...signed, '--json'))).toMatchObject({ signed: true });
    expect(await Bun.file(join(pack, 'signature.json')).exists()).toBe(false);

    const trust = ['--key', at('ours.pub'), '--require-signature', '--json'];
    const verified = json(await inProcess('models', 'verify', out, ...trust));
    expect(verified).toMatchObject({ ok: true, message: 'signed by a trusted key' });
    const installed = await inProcess('models', 'import', out, '--data', at('d2'), ...trust);
    expect(json(installed).signed).toBe(true);
    const other = await inProcess('models', 'verify', out, '--key', at('theirs.pub'), '--json');
    expect([other.code, json(other).code]).toEqual([EXIT.negative, 'PACK_SIGNER_UNKNOWN']);
  });

  test('signs a .gpack again, with another key', async () => {
    const first = at('first.gpack'), second = at('second.gpack');
    await inProcess('models', 'export', first, '--pack', pack, '--sign', at('ours.key'));
    await inProcess('models', 'export', second, '--pack', first, '--sign', at('theirs.key'));
    const { code } = await inProcess('models', 'verify', second, '--key', at('theirs.pub'));
    expect(code).toBe(EXIT.ok);
  });

  test.each([
    [['--sign', at('rsa.key')], EXIT.usage, 'not an Ed25519 key'],
    [['--sign', at('ours.pub')], EXIT.usage, 'not a readable PEM private key'],
    [['--sign', at('none')], EXIT.usage, 'not a readable PEM private key'],
    [['--pack', at('none')], EXIT.environment, '(PACK_NOT_FOUND)'],
  ])('%j is refused and writes nothing', async (args, exit, message) => {
    const out = at('refused.gpack');
    const { code, stderr } = await inProcess('models', 'export', out, '--pack', pack, ...args);
    expect(code).toBe(exit);
    expect(stderr).toContain(message);
    expect(await Bun.file(out).exists()).toBe(false);
  });
});

test('models export onto a folder is refused and leaves nothing beside it', async () => {
  await mkdir(at('taken'));
  const { code, stderr } = await inProcess('models', 'export', at('taken'), '--pack', pack);
  expect(code).toBe(EXIT.input);
  expect(stderr).toContain(at('taken'));
  expect(await Bun.file(at('taken.part')).exists()).toBe(false);
});

describe('GATEHOUSE_PACK_KEY', () => {
  afterEach(() => {
    delete process.env.GATEHOUSE_PACK_KEY;
  });

  test('makes serve, match and doctor refuse a pack that is not signed', async () => {
    process.env.GATEHOUSE_PACK_KEY = `${at('theirs.pub')},${at('ours.pub')}`;
    const serve = await inProcess('serve', '--port', '0', '--json');
    expect(serve.code).toBe(EXIT.environment);
    expect(serve.stdout).toContain('"code":"PACK_UNSIGNED"');
    const match = await inProcess('match', 'a', 'b');
    expect([match.code, match.stderr.includes('(PACK_UNSIGNED)')]).toEqual([
      EXIT.environment,
      true,
    ]);
    const doctor = json(await inProcess('doctor', '--json'));
    const check = doctor.checks.find(({ check }: { check: string }) => check === 'model pack');
    expect(check.status).toBe('failed');
    const list = await inProcess('models', 'import', pack, '--data', at('d3'), '--json');
    expect(json(list).error.code).toBe('PACK_UNSIGNED');
  });

  test('accepts the default pack once it is exported signed', async () => {
    const out = at('default.gpack');
    expect((await inProcess('models', 'export', out, '--sign', at('ours.key'))).code).toBe(EXIT.ok);
    process.env.GATEHOUSE_PACK_KEY = at('ours.pub');
    expect((await inProcess('models', 'list', '--pack', out)).code).toBe(EXIT.ok);
    process.env.GATEHOUSE_PACK_KEY = at('theirs.pub');
    const { code, stderr } = await inProcess('models', 'list', '--pack', out);
    expect([code, stderr.includes('(PACK_SIGNER_UNKNOWN)')]).toEqual([EXIT.environment, true]);
  });

  test('that names no key stops the command', async () => {
    process.env.GATEHOUSE_PACK_KEY = at('none.pub');
    const { code, stderr } = await inProcess('serve', '--port', '0');
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain(`models.pack_keys ${at('none.pub')}: not a readable PEM public key`);
  });
});
