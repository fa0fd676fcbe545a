import { describe, expect, test } from 'bun:test';
import { generateKeyPairSync } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  exportPack,
  importPack,
  listPacks,
  openPack,
  signingKeyId,
  signPack,
} from '../../models/mod.ts';
import { expectRefusal } from './support/refusal.ts';
import { relist, tinyPack, withFolder, writePack } from './support/tiny-pack.ts';

const ours = generateKeyPairSync('ed25519');
const theirs = generateKeyPairSync('ed25519');

describe('signatures', () => {
  test('a pack signed by a trusted key is signed', async () => {
    await withFolder(async (folder) => {
      const root = await writePack(folder, tinyPack());
      await signPack(root, ours.privateKey);
      const trust = { trustedKeys: [theirs.publicKey, ours.publicKey], requireSignature: true };
      expect((await openPack(root, trust)).signed).toBe(true);
      expect((await openPack(root)).signed).toBe(false);
    });
  });

  test('unsigned packs are refused where signatures are required', async () => {
    await withFolder(async (folder) => {
      const root = await writePack(folder, tinyPack());
      const trust = { trustedKeys: [ours.publicKey], requireSignature: true };
      await expectRefusal(() => openPack(root, trust), 'PACK_UNSIGNED', /no signature\.json/);
    });
  });

  test('an unknown signer is refused, by key id', async () => {
    await withFolder(async (folder) => {
      const root = await writePack(folder, tinyPack());
      await signPack(root, theirs.privateKey);
      const id = signingKeyId(theirs.publicKey);
      expect(id).toBe(signingKeyId(theirs.privateKey));
      for (const trust of [{ trustedKeys: [ours.publicKey] }, { requireSignature: true }]) {
        await expectRefusal(() => openPack(root, trust), 'PACK_SIGNER_UNKNOWN', new RegExp(id));
      }
    });
  });

  test('a signature over another manifest does not hold', async () => {
    await withFolder(async (folder) => {
      const root = await writePack(folder, tinyPack());
      await signPack(root, ours.privateKey);
      const signature = await Bun.file(join(root, 'signature.json')).text();
      const changed = tinyPack();
      changed.manifest.description = 'changed';
      await writePack(folder, changed);
      const trust = { trustedKeys: [ours.publicKey] };
      await expectRefusal(() => openPack(root, trust), 'PACK_SIGNATURE_INVALID', /does not hold/);
      await Bun.write(join(root, 'signature.json'), signature.replace('Ed25519', 'none'));
      await expectRefusal(() => openPack(root, trust), 'PACK_SIGNATURE_INVALID', /algorithm/);
      await Bun.write(join(root, 'signature.json'), 'x');
      await expectRefusal(() => openPack(root, trust), 'PACK_SIGNATURE_INVALID', /not JSON/);
    });
  });

  test('only Ed25519 private keys sign', async () => {
    await withFolder(async (folder) => {
      const root = await writePack(folder, tinyPack());
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      await expectRefusal(() => signPack(root, privateKey), 'PACK_SIGNATURE_INVALID', /Ed25519/);
    });
  });
});

describe('importPack', () => {
  test('installs a folder or its archive under name and version, once', async () => {
    await withFolder(async (folder) => {
      const root = await writePack(folder, tinyPack());
      await signPack(root, ours.privateKey);
      await exportPack(root, join(folder, 'tiny.gpack'));
      const trust = { trustedKeys: [ours.publicKey], requireSignature: true };
      const packs = join(folder, 'packs');
      const first = await importPack(join(folder, 'tiny.gpack'), packs, trust);
      const again = await importPack(root, packs, trust);
      expect(first.signed).toBe(true);
      expect(again.id).toBe(first.id);
      expect(await readdir(packs)).toEqual(['tiny-1.2.3']);
      expect(await listPacks(packs)).toMatchObject([{
        path: join(packs, 'tiny-1.2.3'),
        status: 'readable',
        id: first.id,
      }]);
    });
  });

  test('refuses another pack of the same name and version, and keeps the installed one', async () => {
    await withFolder(async (folder) => {
      const packs = join(folder, 'packs');
      const first = await importPack(await writePack(folder, tinyPack()), packs);
      const other = tinyPack();
      other.manifest.description = 'other';
      const root = await writePack(folder, other, 'other');
      await expectRefusal(() => importPack(root, packs), 'PACK_EXISTS', /tiny-1\.2\.3/);
      expect((await openPack(join(packs, 'tiny-1.2.3'))).id).toBe(first.id);
    });
  });

  test('leaves nothing behind when it refuses', async () => {
    await withFolder(async (folder) => {
      const packs = join(folder, 'packs');
      await importPack(await writePack(folder, tinyPack()), packs);
      const broken = tinyPack();
      broken.manifest.version = '2.0.0';
      broken.files.set('cards/all.md', new Uint8Array(3));
      const root = await writePack(folder, broken, 'broken');
      await expectRefusal(() => importPack(root, packs), 'PACK_HASH_MISMATCH', /cards\/all\.md/);
      await expectRefusal(
        () => importPack(root, packs, { requireSignature: true }),
        'PACK_UNSIGNED',
        /required/,
      );
      expect(await readdir(packs)).toEqual(['tiny-1.2.3']);
    });
  });
});

describe('listPacks', () => {
  test('is empty where there is no folder', async () => {
    expect(await listPacks('/nonexistent/packs')).toEqual([]);
  });

  test('says why a pack cannot be read', async () => {
    await withFolder(async (folder) => {
      const pack = tinyPack();
      Object.assign(pack.manifest, { formatVersion: 9 });
      relist(pack);
      await writePack(folder, pack);
      expect(await listPacks(folder)).toMatchObject([
        { status: 'unreadable', error: { code: 'PACK_FORMAT_VERSION' } },
      ]);
    });
  });
});
