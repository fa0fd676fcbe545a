/** Private keys of the installation on disk: one folder for their owner alone, each file made in one step. */
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code;
}

/**
 * The contents of a key file; made first when there is none. Of two processes that make it at once, the
 * second takes what the first has made.
 * @param make gives the contents of a new file
 */
export async function readOrMakeKey(path: string, make: () => Promise<string>): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const contents = await make();
  const own = `${path}.${crypto.randomUUID()}.new`;
  await writeFile(own, contents, { mode: FILE_MODE, flush: true });
  try {
    await link(own, path);
    return contents;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return await readFile(path, 'utf8');
  } finally {
    await unlink(own);
  }
}
