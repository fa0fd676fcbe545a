/** Reads a file that an operator has put somewhere: a regular one, of limited size, looked at once. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

export interface SmallFile {
  readonly bytes: Uint8Array;
  /**
   * Whether users other than this one and the owner may use it. The group may read a file that another user
   * owns: so do service managers and container platforms hand files over.
   */
  readonly shared: boolean;
}

/** Read, write and execute. */
const GROUP = 0o070;
const OTHERS = 0o007;
/** Write alone, for the group of a file that another user owns. */
const GROUP_WRITE = 0o020;

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
    const closed = OTHERS | (status.uid === process.getuid?.() ? GROUP : GROUP_WRITE);
    const bytes = new Uint8Array(limitBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= limitBytes; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > limitBytes) return `is larger than ${limitBytes} bytes`;
    return { bytes: bytes.subarray(0, length), shared: (status.mode & closed) !== 0 };
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
