/** Whose a data folder is: files that another user makes in it, the server could not use. */
import { stat } from 'node:fs/promises';
import { UsageError } from './command.ts';

/** @throws UsageError when the folder belongs to somebody else; ENOENT when there is none */
export async function requireOwner(folder: string): Promise<void> {
  const { uid } = await stat(folder);
  if (process.getuid?.() !== uid) {
    throw new UsageError(`${folder} belongs to user ${uid}: run this as that user`);
  }
}
