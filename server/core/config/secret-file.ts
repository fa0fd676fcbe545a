/** A secret that has a file of its own, as service managers and container platforms hand them over. */
import { readSmallFile } from '../small-file.ts';

/** Keys and passwords are far smaller. */
const LIMIT_BYTES = 65_536;

/**
 * The text of a secret file without white space at its ends.
 * @returns `fault` instead: what is wrong with the file; never a word of what is in it
 */
export function readSecretFile(path: string): { text: string } | { fault: string } {
  const file = readSmallFile(path, LIMIT_BYTES);
  if (typeof file === 'string') return { fault: `the file ${file}` };
  if (file.shared) {
    return { fault: 'the file is open to other users; take it from them (chmod 600)' };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file.bytes).trim();
    return text === '' ? { fault: 'the file is empty' } : { text };
  } catch {
    return { fault: 'the file is no text in UTF-8' };
  }
}
