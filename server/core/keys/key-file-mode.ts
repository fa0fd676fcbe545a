/** Key files that others may read are not used: what has leaked is no secret any more. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ServerError } from '../errors.ts';

const LIMIT_BYTES = 1 << 16;
const GROUP = 0o070;
const OTHERS = 0o007;

/**
 * The text of a private key that somebody else has put there. Its group may read it where the owner is another
 * user than ours, as service managers and container platforms hand keys over.
 * @param name stands for the file in messages
 * @throws ServerError CONFIG_INVALID, without a word of the contents
 */
export async function readKeyFile(path: string, name: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    // a pipe that nobody writes to must not stop the server
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { mode, uid, size } = await file.stat();
    if ((mode & constants.S_IFMT) !== constants.S_IFREG || size > LIMIT_BYTES) {
      throw new ServerError('CONFIG_INVALID', `${name}: no file that a key can be in`);
    }
    const refused = uid === process.getuid?.() ? GROUP | OTHERS : OTHERS;
    if ((mode & refused) !== 0) {
      const found = (mode & 0o777).toString(8);
      throw new ServerError(
        'CONFIG_INVALID',
        `${name}: open to others (mode ${found}): chmod 600 it`,
      );
    }
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof ServerError) throw error;
    const code = (error as { code?: string }).code ?? 'unreadable';
    throw new ServerError('CONFIG_INVALID', `${name}: ${code}`);
  } finally {
    await file?.close();
  }
}
