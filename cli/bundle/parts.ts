/** What the build put into the program for bundles: licence texts, files for deployment, documentation, packages. */
import { ArchiveStorage } from '../../models/mod.ts';
import { BUNDLE_PARTS } from '../../server/core/model-pack.ts';
import type { PackageComponents } from './sbom.ts';

const COMPONENTS = 'components.json';

export interface Parts {
  /** By path in a bundle. */
  readonly files: ReadonlyMap<string, Blob>;
  readonly packages: PackageComponents;
}

/** Those of this program. */
export async function readParts(): Promise<Parts> {
  const storage = new ArchiveStorage(Bun.file(BUNDLE_PARTS));
  const files = new Map<string, Blob>();
  for (const path of (await storage.list()).keys()) {
    if (path === COMPONENTS) continue;
    files.set(path, new Blob([await storage.read(path) as Uint8Array<ArrayBuffer>]));
  }
  const components = new TextDecoder().decode(await storage.read(COMPONENTS));
  return { files, packages: JSON.parse(components) };
}
