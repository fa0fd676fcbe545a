/** Finds the npm packages the default pack is built from and reads their files, checking each hash. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PackError } from '../errors.ts';
import { sha256Hex } from '../hash.ts';
import type { SourcePackage } from './sources.ts';

/**
 * Reads the pinned files of a package, in their order.
 * @param from folder from which `node_modules` is looked for, upwards, as Node does
 * @throws PackError SOURCE_MISSING, SOURCE_HASH_MISMATCH; both name the file
 */
export async function readSources(source: SourcePackage, from: string): Promise<Uint8Array[]> {
  const folder = packageFolder(source.package, from);
  return await Promise.all(source.sources.map(async ({ path, sha256 }) => {
    const file = Bun.file(join(folder, path));
    if (!await file.exists()) {
      throw new PackError('SOURCE_MISSING', `${source.package} ${source.version} lacks ${path}`);
    }
    const bytes = await file.bytes();
    const found = sha256Hex(bytes);
    if (found !== sha256) {
      throw new PackError(
        'SOURCE_HASH_MISMATCH',
        `${source.package}: ${path} has SHA-256 ${found}, version ${source.version} has ${sha256}`,
      );
    }
    return bytes;
  }));
}

function packageFolder(name: string, from: string): string {
  for (let folder = from;; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) {
      throw new PackError(
        'SOURCE_MISSING',
        `the package ${name} is not installed; run npm install, or import a finished pack`,
      );
    }
  }
}
