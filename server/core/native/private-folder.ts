/** A folder of this user alone in a temp folder that may be everybody's. */
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerError } from '../errors.ts';

const MODE = 0o700;
const OTHERS = 0o077;

/** The temp folder that the operator has given the program, or everybody's. */
export function tempFolder(): string {
  return process.env.BUN_TMPDIR || tmpdir();
}

/**
 * Makes the folder, or takes the one that is there.
 * @param base that it is in, which may be everybody's
 * @throws ServerError NATIVE_LIBRARY when it is somebody else's, open to others, or no folder
 */
export function privateFolder(base: string): string {
  const uid = process.getuid?.() ?? 0;
  const folder = join(base, `gatehouse-${uid}`);
  try {
    mkdirSync(folder, { mode: MODE });
    // whatever the umask
    chmodSync(folder, MODE);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw unusable(base, `cannot be written (${code})`);
  }
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & OTHERS) !== 0) {
    throw unusable(folder, 'is not a folder of this user alone');
  }
  return folder;
}

function unusable(path: string, why: string): ServerError {
  return new ServerError(
    'NATIVE_LIBRARY',
    `${path} ${why}: set TMPDIR to a folder that only this user may write to`,
  );
}
