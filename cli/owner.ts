/** Whose a data folder is: files that another user makes in it, the server could not use. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MARK_FILE } from '../server/core/data/mark.ts';
import { UsageError } from './command.ts';

/**
 * A folder is whose its mark is. One without is whose it is itself, but that volumes of container platforms
 * belong to root and are written to by the group.
 * @throws UsageError when the folder belongs to somebody else; ENOENT when there is none
 */
export async function requireOwner(folder: string): Promise<void> {
  const own = process.getuid?.();
  const mark = await stat(join(folder, MARK_FILE)).catch(() => undefined);
  const { uid } = mark ?? await stat(folder);
  if (uid === own || (mark === undefined && uid === 0)) return;
  throw new UsageError(`${folder} belongs to user ${uid}: run this as that user`);
}
