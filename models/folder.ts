/** A pack as a folder of plain files. Links and special files are refused, not followed. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PackError } from './errors.ts';
import type { PackStorage } from './storage.ts';

/** Deeper or fuller folders are not packs. */
const MAX_DEPTH = 4;
const MAX_FILES = 2000;

export class FolderStorage implements PackStorage {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async list(): Promise<ReadonlyMap<string, number>> {
    const files = new Map<string, number>();
    await this.#collect('', 1, files);
    return files;
  }

  async read(path: string): Promise<Uint8Array> {
    return await Bun.file(join(this.#root, path)).bytes();
  }

  async #collect(prefix: string, depth: number, files: Map<string, number>): Promise<void> {
    if (depth > MAX_DEPTH) {
      throw new PackError('PACK_MALFORMED', `${prefix} lies deeper than ${MAX_DEPTH} folders`);
    }
    for (const name of await readdir(join(this.#root, prefix))) {
      const path = `${prefix}${name}`;
      const stat = await lstat(join(this.#root, path));
      if (stat.isDirectory()) await this.#collect(`${path}/`, depth + 1, files);
      else if (stat.isFile()) files.set(path, stat.size);
      else throw new PackError('PACK_MALFORMED', `${path} is a link or special file`);
      if (files.size > MAX_FILES) {
        throw new PackError('PACK_MALFORMED', `more than ${MAX_FILES} files`);
      }
    }
  }
}
