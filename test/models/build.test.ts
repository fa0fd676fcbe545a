import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDefaultPack, type BuildProgress, openPack } from '../../models/mod.ts';
import { SOURCES } from '../../models/default/sources.ts';
import { expectRefusal } from './support/refusal.ts';
import { withFolder } from './support/tiny-pack.ts';

let folder: string;
const first = () => join(folder, 'first');
const progress: BuildProgress[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-build-'));
  await buildDefaultPack({ outDir: first(), onProgress: (each) => progress.push(each) });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A `node_modules` that holds copies of the default pack's sources. */
async function copiedSources(root: string): Promise<void> {
  for (const source of Object.values(SOURCES)) {
    for (const { path } of source.sources) {
      const relative = join('node_modules', source.package, path);
      await mkdir(join(root, relative, '..'), { recursive: true });
      await copyFile(join(import.meta.dir, '../..', relative), join(root, relative));
    }
  }
}

describe('buildDefaultPack', () => {
  test('makes a pack that opens, with every network and its card', async () => {
    const { manifest } = await openPack(first());
    expect(manifest.networks.map(({ id }) => id)).toEqual(Object.keys(SOURCES));
    const cards = manifest.networks.map(({ card }) => card);
    for (const card of cards) {
      const text = await Bun.file(join(first(), card)).text();
      for (const heading of ['Origin', 'Licence', 'Checked against', 'Known limits']) {
        expect(text).toContain(`## ${heading}`);
      }
    }
  });

  test('gives the same bytes every time', async () => {
    const again = await buildDefaultPack({ outDir: join(folder, 'second') });
    expect(again.id).toBe((await openPack(first())).id);
  });

  test('reports steps in order and bytes that grow', () => {
    expect(progress.map(({ done }) => done)).toEqual([...progress.keys()]);
    expect(progress.every(({ total }) => total === progress.length)).toBe(true);
    const bytes = progress.map((each) => each.bytes);
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
    expect(bytes.at(-1)).toBeGreaterThan(10_000_000);
  });

  test('is not done twice', async () => {
    const steps: BuildProgress[] = [];
    await buildDefaultPack({ outDir: first(), onProgress: (each) => steps.push(each) });
    expect(steps).toEqual([]);
  });

  test('repairs a damaged pack', async () => {
    const damaged = join(first(), 'networks/iris.onnx');
    await Bun.write(damaged, 'broken');
    const pack = await buildDefaultPack({ outDir: first() });
    expect((await pack.read('networks/iris.onnx')).length).toBeGreaterThan(100_000);
  });

  test('can be done twice at once', async () => {
    const outDir = join(folder, 'contested');
    const packs = await Promise.all([buildDefaultPack({ outDir }), buildDefaultPack({ outDir })]);
    expect(packs[0].id).toBe(packs[1].id);
    expect((await openPack(outDir)).id).toBe(packs[0].id);
  });

  test('names the package that is not installed', async () => {
    await withFolder((empty) =>
      expectRefusal(
        () => buildDefaultPack({ outDir: join(empty, 'pack'), packagesFrom: empty }),
        'SOURCE_MISSING',
        /@vladmandic\/human is not installed/,
      )
    );
  });

  test('names the source file that is missing or has other bytes, and leaves no pack', async () => {
    await withFolder(async (root) => {
      await copiedSources(root);
      const weights = join(root, 'node_modules/@vladmandic/human/models/blazeface.bin');
      const bytes = await Bun.file(weights).bytes();
      const build = () => buildDefaultPack({ outDir: join(root, 'out/pack'), packagesFrom: root });
      bytes[1000] ^= 1;
      await Bun.write(weights, bytes);
      await expectRefusal(build, 'SOURCE_HASH_MISMATCH', /models\/blazeface\.bin has SHA-256/);
      await rm(weights);
      await expectRefusal(build, 'SOURCE_MISSING', /lacks models\/blazeface\.bin/);
      expect(await Array.fromAsync(new Bun.Glob('**').scan(join(root, 'out')))).toEqual([]);
    });
  });
});
