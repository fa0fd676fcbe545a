/** Copies of the files of a data folder, modes and links as they are. */
import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';

const PERMISSIONS = 0o777;

/**
 * Copies what `from` holds into `into`, which must exist. Sockets and the like are left out.
 * @param without names directly in `from` that are not copied
 */
export async function copyContents(
  from: string,
  into: string,
  without: readonly string[] = [],
): Promise<void> {
  for (const name of await readdir(from)) {
    if (!without.includes(name)) await copyEntry(join(from, name), join(into, name));
  }
}

async function copyEntry(from: string, to: string): Promise<void> {
  const stat = await lstat(from);
  if (stat.isSymbolicLink()) await symlink(await readlink(from), to);
  else if (stat.isFile()) {
    // shares blocks where the file system can
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(to, stat.mode & PERMISSIONS);
  } else if (stat.isDirectory()) {
    await mkdir(to);
    await copyContents(from, to);
    await chmod(to, stat.mode & PERMISSIONS);
  }
}
