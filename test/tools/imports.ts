/** Lists the project files a source file imports, type-only imports included. */
import { dirname, join, normalize } from 'node:path';

/** Matches the module name of static, dynamic, re-export and type imports. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"]+)\1/g;

/** Paths, relative to `root`, of every relative import of `file`. */
export async function relativeImports(root: string, file: string): Promise<string[]> {
  const text = await Bun.file(join(root, file)).text();
  return [...text.matchAll(IMPORT)].map((match) => normalize(join(dirname(file), match[2])));
}
