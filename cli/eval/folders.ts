/** Listing folders of pictures as people keep them: links followed, hidden files, pipes and devices passed over. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * What a folder holds, in the order of the names.
 * @throws the system's own error, for a link to nothing as well
 */
export async function entriesOf(folder: string): Promise<FolderEntry[]> {
  const entries = (await readdir(folder, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith('.'))
    .toSorted((a, b) => a.name < b.name ? -1 : 1);
  const found = await Promise.all(entries.map(async (entry) => {
    const path = join(folder, entry.name);
    const target = entry.isSymbolicLink() ? await stat(path) : entry;
    const isFolder = target.isDirectory();
    return isFolder || target.isFile() ? [{ name: entry.name, path, isFolder }] : [];
  }));
  return found.flat();
}
