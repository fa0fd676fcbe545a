/** Packages as components of a CycloneDX 1.6 bill of materials (ECMA-424). */
import { join } from 'node:path';
import type { Component, PackageComponents } from '../cli/bundle/sbom.ts';
import type { Package, Packages } from './packages.ts';

/** npm's scheme of the package URL specification; the @ of a scope is percent-encoded. */
function purl({ name, version }: Package): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** @param checkout for what libvips was built with, which its package lists */
export async function packageComponents(
  checkout: string,
  { all, direct }: Packages,
): Promise<PackageComponents> {
  const refs = new Map(all.map((part) => [part.folder, purl(part)]));
  const components = await Promise.all(all.map(async (part): Promise<Component> => {
    const [group, name] = part.name.startsWith('@') ? part.name.split('/') : ['', part.name];
    const inside = await bundledLibraries(checkout, part);
    return {
      'type': 'library',
      'bom-ref': purl(part),
      ...(group !== '' && { group }),
      name,
      'version': part.version,
      'purl': purl(part),
      'licenses': [licence(part.licence)],
      'hashes': [{ alg: 'SHA-512', content: part.sha512 }],
      ...(inside.length > 0 && { components: inside }),
    };
  }));
  const dependencies = all.map((part) => ({
    ref: purl(part),
    dependsOn: part.uses.map((folder) => refs.get(folder)!),
  }));
  return { components, direct: direct.map((folder) => refs.get(folder)!), dependencies };
}

/** An expression where there are several licences, else an SPDX identifier. */
function licence(text: string): object {
  return / (?:OR|AND|WITH) /.test(text) ? { expression: text } : { license: { id: text } };
}

async function bundledLibraries(checkout: string, part: Package): Promise<Component[]> {
  if (part.name !== '@img/sharp-libvips-linux-x64') return [];
  const versions = await Bun.file(join(checkout, part.folder, 'versions.json')).json();
  return Object.entries(versions as Record<string, string>).map(([name, version]) => ({
    'type': 'library',
    'bom-ref': `${purl(part)}#${name}`,
    name,
    version,
  }));
}
