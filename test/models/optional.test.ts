/** Extending a pack by published networks: what is recognised, what is made of it, what is refused. */
import { describe, expect, test } from 'bun:test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { importNetworks, openPack, PackError } from '../../models/mod.ts';
import { KNOWN_FILES } from '../../models/optional/known-files.ts';
import { describeWithData, sharedPath } from '../support/shared-data.ts';
import { expectRefusal } from './support/refusal.ts';
import { tinyPack, withFolder, writePack } from './support/tiny-pack.ts';
import { torchArchive } from './support/torch-archive.ts';

const known = KNOWN_FILES.map(({ name }) => sharedPath(`models/${name}`));

/** Runs `body` with an opened tiny pack and the folder it lies in. */
async function withBase(
  body: (base: Awaited<ReturnType<typeof openPack>>, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) =>
    body(await openPack(await writePack(folder, tinyPack())), folder)
  );
}

describe('files that are refused, and nothing is installed', () => {
  const refusal = (name: string, bytes: Uint8Array, ...expected: [PackError['code'], RegExp]) =>
    withBase(async (base, folder) => {
      const path = join(folder, name);
      await Bun.write(path, bytes);
      await expectRefusal(() => importNetworks(base, [path], join(folder, 'packs')), ...expected);
      expect(await readdir(folder)).not.toContain('packs');
    });

  test('an unknown network, with the way to import it', () =>
    refusal(
      'mine.pth',
      torchArchive({ w: { shape: [1], values: [1] } }),
      'SOURCE_UNKNOWN',
      /mine\.pth is none of .*MiniFASNetV2\.pth.*pack folder with a manifest/,
    ));
  test('a known name with other content, with both hashes', () =>
    refusal(
      'MiniFASNetV2.pth',
      torchArchive({}),
      'SOURCE_HASH_MISMATCH',
      /SHA-256 [0-9a-f]{64}, the published file has ef2338c2/,
    ));
  test('a file larger than any known one, unread', () =>
    refusal('huge.onnx', new Uint8Array(17e6), 'SOURCE_UNKNOWN', /larger than any/));
  test('a file that is not there, or a folder', () =>
    withBase(async (base, folder) => {
      for (const path of [join(folder, 'no.pth'), folder]) {
        await expectRefusal(
          () => importNetworks(base, [path], folder),
          'SOURCE_MISSING',
          /no file at/,
        );
      }
    }));
});

test('every known file has a hash and a name of its own', () => {
  expect(new Set(KNOWN_FILES.map(({ sha256 }) => sha256)).size).toBe(KNOWN_FILES.length);
  expect(new Set(KNOWN_FILES.map(({ name }) => name)).size).toBe(KNOWN_FILES.length);
});

describeWithData('published networks', KNOWN_FILES.map(({ name }) => `models/${name}`), () => {
  const find = (...names: string[]) =>
    names.map((name) => known.find((path) => path.endsWith(`/${name}`))!);

  test('each becomes a network whose card, licence and origin the pack carries', async () => {
    for (const { name, network: id, sha256 } of KNOWN_FILES) {
      await withBase(async (base, folder) => {
        const pack = await importNetworks(base, find(name), join(folder, 'packs'));
        const added = pack.manifest.networks.find((network) => network.id === id)!;
        expect(added.origin.sources).toEqual([{ path: name, sha256 }]);
        expect(added.origin.licence).toBe('Apache-2.0');
        const text = async (path: string) => new TextDecoder().decode(await pack.read(path));
        expect(await text(added.origin.licenceText!)).toContain('Apache License');
        expect(await text(added.card)).toMatch(/^# /);
        expect(pack.manifest.networks).toHaveLength(4);
        for (const { path, sha256: old } of base.manifest.files) {
          expect(pack.manifest.files.find((file) => file.path === path)!.sha256).toBe(old);
        }
      });
    }
  });

  test('the same files give the same pack; others, another beside it', () =>
    withBase(async (base, folder) => {
      const packs = join(folder, 'packs');
      const files = find('MiniFASNetV2.pth', 'MiniFASNetV1SE.pth');
      const first = await importNetworks(base, files, packs);
      expect((await importNetworks(base, files, packs)).id).toBe(first.id);
      const other = await importNetworks(base, find('MiniFASNetV2.onnx'), packs);
      expect(await readdir(packs)).toHaveLength(2);
      for (const { manifest } of [first, other]) {
        expect(manifest.name).toMatch(/^tiny-plus-[0-9a-f]{8}$/);
        expect(manifest.version).toBe(base.manifest.version);
      }
      // an extended pack can be extended
      const twice = await importNetworks(other, find('MiniFASNetV1SE.onnx'), packs);
      expect(twice.manifest.networks.map(({ id }) => id)).toContain('minifasnet-v2');
    }));

  test('one network from two files is refused', () =>
    withBase((base, folder) =>
      expectRefusal(
        () => importNetworks(base, find('MiniFASNetV2.pth', 'MiniFASNetV2.onnx'), folder),
        'PACK_MALFORMED',
        /has a network minifasnet-v2 already/,
      )
    ));
});
