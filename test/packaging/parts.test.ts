/** What a release says of itself: a licence text and a component for each package, one version everywhere. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { billOfMaterials } from '../../cli/bundle/sbom.ts';
import { VERSION } from '../../server/core/version.ts';
import { licenceText } from '../../packaging/licences.ts';
import { productionPackages } from '../../packaging/packages.ts';
import { layOutParts } from '../../packaging/parts.ts';
import manifest from '../../package.json' with { type: 'json' };

const checkout = resolve(import.meta.dir, '../..');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-parts-'));
  await layOutParts(checkout, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('licences', () => {
  test('every package of the program has its text, and no package for development', async () => {
    const { all } = await productionPackages(checkout);
    const names = new Set(all.map(({ name }) => name));
    for (const name of Object.keys(manifest.dependencies)) expect(names).toContain(name);
    for (const name of Object.keys(manifest.devDependencies)) expect(names).not.toContain(name);
    const texts = await readdir(join(folder, 'licences'));
    expect(texts.length).toBe(all.length + 1);
    for (const text of texts) {
      const licence = await Bun.file(join(folder, 'licences', text)).text();
      expect(licence).toMatch(/licen[cs]e|permission/i);
      expect(licence.length).toBeGreaterThan(500);
    }
  });

  test('a package without one stops the build', async () => {
    const [first] = (await productionPackages(checkout)).all;
    const bare = { ...first, name: 'bare', folder: 'packaging' };
    await expect(licenceText(checkout, bare)).rejects.toThrow('bare carries no licence text');
  });
});

describe('the bill of materials', () => {
  test('names each package once, with a hash and a licence, and only knows known parts', async () => {
    const packages = await Bun.file(join(folder, 'components.json')).json();
    const bill = billOfMaterials({
      version: VERSION,
      sha256: '0'.repeat(64),
      packages,
      packs: [],
      artefacts: [{ name: 'a.deb', type: 'file', sha256: '1'.repeat(64) }],
    }) as {
      components: { 'bom-ref': string; licenses?: unknown[]; hashes: unknown[] }[];
      dependencies: { ref: string; dependsOn: string[] }[];
    };
    const refs = bill.components.map((component) => component['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    expect(refs).toContain('pkg:npm/hono@' + manifest.dependencies.hono);
    expect(refs).toContain('file:a.deb');
    for (const { hashes } of bill.components) expect(hashes.length).toBe(1);
    const known = new Set([...refs, 'gatehouse']);
    for (const { ref, dependsOn } of bill.dependencies) {
      expect(known).toContain(ref);
      for (const used of dependsOn) expect(known).toContain(used);
    }
    expect(bill.dependencies[0].dependsOn.length).toBe(Object.keys(manifest.dependencies).length);
  });
});

describe('the version', () => {
  test('is that of package.json in the chart and in the compose settings', async () => {
    const chart = Bun.YAML.parse(await Bun.file(join(folder, 'deploy/chart/Chart.yaml')).text());
    expect(chart).toMatchObject({ version: VERSION, appVersion: VERSION });
    const settings = await Bun.file(join(folder, 'deploy/gatehouse.env')).text();
    expect(settings).toContain(`RELEASE_IMAGE=gatehouse:${VERSION}-cpu\n`);
  });
});
