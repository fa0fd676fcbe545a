import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { join } from 'node:path';
import { archiveChunks, ArchiveStorage } from '../../models/archive.ts';
import { exportPack, openPack } from '../../models/mod.ts';
import type { PackStorage } from '../../models/storage.ts';
import { expectRefusal, expectTyped } from './support/refusal.ts';
import { tinyPack, withFolder, writePack } from './support/tiny-pack.ts';

function inMemory(files: ReadonlyMap<string, Uint8Array>): PackStorage {
  return {
    list: async () => new Map([...files].map(([path, bytes]) => [path, bytes.length])),
    read: async (path) => files.get(path)!,
  };
}

async function archived(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of archiveChunks(inMemory(files))) chunks.push(new Uint8Array(chunk));
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

const list = (bytes: Uint8Array<ArrayBuffer>) => new ArchiveStorage(new Blob([bytes])).list();

/** Recomputes the checksum of the first header after a test changed it. */
function resealed(archive: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  archive.fill(32, 148, 156);
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  archive.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return archive;
}

const segment = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/);
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

describe('archives', () => {
  test('give back what was put in', async () => {
    const files = fc.dictionary(path, fc.uint8Array({ maxLength: 1500 }), { maxKeys: 6 });
    await fc.assert(fc.asyncProperty(files, async (content) => {
      const entries = new Map(Object.entries(content));
      const storage = new ArchiveStorage(new Blob([await archived(entries)]));
      expect([...(await storage.list()).keys()]).toEqual([...entries.keys()].sort());
      for (const [name, bytes] of entries) expect(await storage.read(name)).toEqual(bytes);
    }));
  });

  test('are readable by tar, and tar writes what we read', async () => {
    await withFolder(async (folder) => {
      const root = await writePack(folder, tinyPack());
      await exportPack(root, join(folder, 'a.gpack'));
      const listing = Bun.spawnSync(['tar', '-tf', join(folder, 'a.gpack')]);
      expect(listing.stdout.toString()).toContain('networks/one.onnx\n');
      Bun.spawnSync(['tar', '--format=ustar', '-cf', join(folder, 'b.gpack'), '-C', root, '.']);
      expect((await openPack(join(folder, 'b.gpack'))).id).toBe((await openPack(root)).id);
    });
  });

  const one = () => archived(new Map([['a.txt', new TextEncoder().encode('hello')]]));
  const cases: [string, (archive: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>, RegExp][] = [
    ['a symbolic link', (a) => (a[156] = 50, resealed(a)), /a\.txt is not a regular file/],
    ['a hard link', (a) => (a[156] = 49, resealed(a)), /a\.txt is not a regular file/],
    [
      'a path upwards',
      (a) => (a.set([46, 46, 47, 97], 0), a[4] = 0, resealed(a)),
      /not a plain relative path/,
    ],
    ['an absolute path', (a) => (a[0] = 47, resealed(a)), /not a plain relative path/],
    ['a size beyond the file', (a) => (a.set([55, 55, 55], 128), resealed(a)), /cut off/],
    ['a size of 8 GiB', (a) => (a.fill(55, 124, 135), resealed(a)), /claims/],
    ['a size that is no number', (a) => (a[124] = 120, resealed(a)), /octal/],
    ['a wrong checksum', (a) => (a[0] = 98, a), /checksum/],
    ['no ustar', (a) => (a[257] = 0, resealed(a)), /not a ustar archive/],
    ['a cut', (a) => a.slice(0, 700), /cut off/],
    ['no end', (a) => a.slice(0, 1024), /cut off/],
    ['one empty block only', (a) => a.slice(0, 1536), /end of the archive/],
    ['bytes behind the end', (a) => (a[a.length - 1] = 1, a), /behind the end/],
    [
      'the same file twice',
      (a) => new Uint8Array([...a.slice(0, 1024), ...a]),
      /a\.txt occurs twice/,
    ],
  ];
  for (const [name, damage, message] of cases) {
    test(`are refused with ${name}`, async () => {
      const archive = damage(await one());
      await expectRefusal(() => list(archive), 'PACK_MALFORMED', message);
    });
  }

  test('with any byte changed are read or refused with a typed error', async () => {
    const archive = await archived(tinyPack().files);
    const change = fc.record({ at: fc.nat(archive.length - 1), to: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const copy = archive.slice();
        for (const { at, to } of changes) copy[at] = to;
        await expectTyped(() => list(copy));
      }),
      { numRuns: 300 },
    );
  });
});
