/** Reads a file that the configuration consists of: a regular one, of limited size, looked at once. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

export interface SmallFile {
  readonly bytes: Uint8Array;
  /** Whether users other than the owner may read it. */
  readonly shared: boolean;
}

/** Read, write and execute for group and others. */
const OTHERS = 0o077;

/**
 * @returns a text instead of the file: why it cannot be used; never a word of what is in it
 */
export function readSmallFile(path: string, limitBytes: number): SmallFile | string {
  let file: number;
  try {
    // a pipe that nobody writes to must not stop the server
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return reasonOf(error);
  }
  try {
    const status = fstatSync(file);
    if (!status.isFile()) return 'is no file';
    const bytes = new Uint8Array(limitBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= limitBytes; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > limitBytes) return `is larger than ${limitBytes} bytes`;
    return { bytes: bytes.subarray(0, length), shared: (status.mode & OTHERS) !== 0 };
  } catch (error) {
    return reasonOf(error);
  } finally {
    closeSync(file);
  }
}

function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read${typeof code === 'string' ? ` (${code})` : ''}`;
}
