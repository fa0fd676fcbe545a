/** Puts all private keys of a folder under one passphrase. */
import { basename } from 'node:path';
import { keyFilesIn, readKeyFile, replaceKeyFile } from '../../server/core/keys/key-files.ts';
import { ServerError } from '../../server/core/errors.ts';

/**
 * Opens all keys before it writes the first; after a crash in between it can be run again.
 * @param known passphrases that files may be under now, beside those in the clear
 * @returns names of the files
 * @throws ServerError CONFIG_INVALID when one opens with none of them, and no file has changed
 */
export async function protectAll(
  folder: string,
  known: readonly string[],
  passphrase: string,
): Promise<string[]> {
  const paths = await keyFilesIn(folder);
  const keys = await Promise.all(
    paths.map(async (path) => [path, await openWithAny(path, known)] as const),
  );
  for (const [path, pem] of keys) await replaceKeyFile(path, pem, { passphrase });
  return paths.map((path) => basename(path));
}

async function openWithAny(path: string, known: readonly string[]): Promise<string> {
  let refusal: unknown;
  for (const passphrase of [...known, undefined]) {
    try {
      return await readKeyFile(path, { passphrase });
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      // what the first passphrase says is the most telling
      refusal ??= error;
    }
  }
  throw refusal;
}
