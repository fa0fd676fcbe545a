/** Whose licences count: built-in keys, files of the operator, endorsements of resellers. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ENDORSEMENT_TYPE, openVendorKeys } from '../../../../server/core/licence/vendor-keys.ts';
import { makeVendor, type Vendor } from '../../support/licences.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-vendors-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
async function fileWith(text: string): Promise<string> {
  const path = join(folder, String(files++));
  await Bun.write(path, text);
  return path;
}

const pem = (key: KeyObject): string =>
  (key.type === 'public' ? key : createPublicKey(key)).export({
    type: 'spki',
    format: 'pem',
  }) as string;
const ids = (keys: ReadonlyMap<string, unknown>): string[] => [...keys.keys()];

let vendor: Vendor, reseller: Vendor;
beforeAll(async () => {
  vendor = await makeVendor();
  reseller = await makeVendor();
});

const endorse = (by: Vendor, payload: unknown, header = {}) =>
  by.issue(payload, { typ: ENDORSEMENT_TYPE, ...header });

describe('a program without keys of its own', () => {
  test('is what this repository builds', async () => {
    expect((await openVendorKeys([])).size).toBe(0);
  });

  test('takes every key of the files it is given', async () => {
    const both = await fileWith(`${pem(vendor.key)}a comment\n${pem(reseller.key)}`);
    expect(ids(await openVendorKeys([both]))).toEqual([...ids(vendor.keys), ...ids(reseller.keys)]);
    const each = [await fileWith(pem(vendor.key)), await fileWith(pem(reseller.key))];
    expect((await openVendorKeys(each)).size).toBe(2);
  });

  test('names a file that is missing or holds no such key', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
    for (
      const text of [
        '',
        'words',
        pem(rsa),
        '-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----',
      ]
    ) {
      const path = await fileWith(text);
      await expect(openVendorKeys([path])).rejects.toThrow(
        `licence.keys ${path}: no Ed25519 public key in PEM`,
      );
    }
    await expect(openVendorKeys([join(folder, 'nowhere')])).rejects.toThrow('does not exist');
  });
});

describe('a program with keys of its own', () => {
  const open = (path?: string) => openVendorKeys(path === undefined ? [] : [path], pem(vendor.key));

  test('knows them without any file', async () => {
    expect(ids(await open())).toEqual(ids(vendor.keys));
  });

  test('takes keys that one of them has endorsed', async () => {
    const path = await fileWith(
      `${await endorse(vendor, { name: 'Reseller', keys: [pem(reseller.key)] })}\n`,
    );
    expect(ids(await open(path))).toEqual([...ids(vendor.keys), ...ids(reseller.keys)]);
  });

  test('takes no other key', async () => {
    const [kid] = ids(vendor.keys);
    const payload = { name: 'Reseller', keys: [pem(reseller.key)] };
    const token = await endorse(vendor, payload);
    for (
      const text of [
        pem(reseller.key),
        await endorse(reseller, payload),
        await endorse(reseller, payload, { kid }),
        await endorse(vendor, payload, { typ: 'other+jwt' }),
        token.slice(0, -4) + 'AAAA',
        await endorse(vendor, { keys: [pem(reseller.key)] }),
      ]
    ) {
      await expect(open(await fileWith(text))).rejects.toThrow('only keys that its vendor');
    }
    const empty = await fileWith(await endorse(vendor, { name: 'Reseller', keys: ['words'] }));
    await expect(open(empty)).rejects.toThrow('no Ed25519 public key');
  });

  test('refuses any file, never a crash', async () => {
    const path = join(folder, 'any');
    const text = fc.oneof(fc.string(), fc.base64String(), fc.json());
    await fc.assert(fc.asyncProperty(text, async (any) => {
      await Bun.write(path, any);
      await expect(open(path)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    }));
  });
});
