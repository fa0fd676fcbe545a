/** The pages of the documentation, for tests of what they say. */
import { Glob } from 'bun';
import { join } from 'node:path';

export const ROOT = join(import.meta.dir, '../..');

/** Paths from the root of the sources. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...[...new Glob('docs/**/*.md').scanSync(ROOT)].sort(),
];

export async function readPage(path: string): Promise<string> {
  return await Bun.file(join(ROOT, path)).text();
}
