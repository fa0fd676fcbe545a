/** The folder with keys, trust store and records of the installation: for the user that runs it. */
import { statSync } from 'node:fs';

const OTHERS = 0o077;

/** Whether group or others may enter or read a folder that is ours to close; false where there is none. */
export function isOpenToOthers(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found !== undefined && found.uid === process.getuid?.() && (found.mode & OTHERS) !== 0;
}
