/** Private keys that an operator hands over in a file; one that others may read is not used. */
import { ServerError } from '../errors.ts';
import { readSmallFile } from '../small-file.ts';

const LIMIT_BYTES = 65_536;

/**
 * The text of a key file.
 * @param name stands for the file in messages
 * @throws ServerError CONFIG_INVALID, without a word of the contents
 */
export function readGivenKey(path: string, name: string): string {
  const file = readSmallFile(path, LIMIT_BYTES);
  if (typeof file === 'string') throw new ServerError('CONFIG_INVALID', `${name} ${file}`);
  if (file.shared) {
    throw new ServerError('CONFIG_INVALID', `${name} is open to other users: chmod 600 it`);
  }
  const text = new TextDecoder().decode(file.bytes);
  file.bytes.fill(0);
  return text;
}
