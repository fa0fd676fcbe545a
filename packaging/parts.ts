/**
 * Lays out what every release bundle holds besides the program itself: licence texts, the list of packages
 * for the bill of materials, files for deployment, documentation. The build puts them into the program,
 * so that it can make bundles anywhere.
 */
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packageComponents } from './components.ts';
import { licenceText } from './licences.ts';
import { productionPackages } from './packages.ts';

/** From -> to, folders with all they hold. */
const COPIED: Readonly<Record<string, string>> = {
  'LICENSE': 'licences/gatehouse.txt',
  'docker/compose.yaml': 'deploy/compose.yaml',
  'docker/gatehouse.env': 'deploy/gatehouse.env',
  'docker/helm/gatehouse': 'deploy/chart',
  'packaging/gatehouse.service': 'deploy/gatehouse.service',
};

/**
 * Writes the parts into a folder, which is emptied first.
 * @throws Error when a package has no licence text
 */
export async function layOutParts(checkout: string, into: string): Promise<void> {
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  for (const [from, to] of Object.entries(COPIED)) {
    await cp(join(checkout, from), join(into, to), { recursive: true });
  }
  for (const name of await readdir(join(checkout, 'docs'))) {
    if (/\.(?:md|svg|json)$/.test(name)) {
      await cp(join(checkout, 'docs', name), join(into, 'docs', name));
    }
  }
  const packages = await productionPackages(checkout);
  for (const part of packages.all) {
    const name = `${part.name.replace(/^@/, '').replaceAll('/', '-')}-${part.version}.txt`;
    await Bun.write(join(into, 'licences', name), await licenceText(checkout, part));
  }
  const components = await packageComponents(checkout, packages);
  await Bun.write(join(into, 'components.json'), `${JSON.stringify(components, null, 2)}\n`);
}
