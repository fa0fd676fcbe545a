/** A pack whose files are handed over one by one: the compiled program carries its pack this way. */
import { PackError } from './errors.ts';
import type { Pack } from './pack.ts';
import { MANIFEST_FILE, readPack } from './reader.ts';
import type { PackStorage } from './storage.ts';
import { parseManifest } from './manifest-reader.ts';

/**
 * Builds a pack from its manifest and a reader per file. Hashes are checked as for any other pack.
 * @param files by path inside the pack, without manifest.json
 * @throws PackError as openPack
 */
export async function packFromFiles(
  manifestBytes: Uint8Array,
  files: ReadonlyMap<string, () => Promise<Uint8Array>>,
): Promise<Pack> {
  const sizes = new Map(parseManifest(manifestBytes).files.map(({ path, bytes }) => [path, bytes]));
  const storage: PackStorage = {
    list: async () =>
      new Map([
        [MANIFEST_FILE, manifestBytes.length],
        ...[...files.keys()].map((path) => [path, sizes.get(path) ?? 0] as const),
      ]),
    read: async (path) => {
      if (path === MANIFEST_FILE) return manifestBytes;
      const read = files.get(path);
      if (read === undefined) throw new PackError('PACK_FILE_MISSING', `the pack lacks ${path}`);
      return await read();
    },
  };
  return await readPack(storage);
}
