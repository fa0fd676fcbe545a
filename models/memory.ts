/** A pack under construction: files in memory until it is installed. */
import type { PackStorage } from './storage.ts';

export class MemoryStorage implements PackStorage {
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.#files = files;
  }

  async list(): Promise<ReadonlyMap<string, number>> {
    return new Map([...this.#files].map(([path, bytes]) => [path, bytes.length]));
  }

  /** @param path one of `list` */
  async read(path: string): Promise<Uint8Array> {
    return this.#files.get(path)!;
  }
}
