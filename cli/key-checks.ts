/** Whether the private keys open with what the settings say they are kept under. */
import { join } from 'node:path';
import type { ServerConfig } from '../server/core/config/mod.ts';
import { isProtected, keyFilesIn, readKeyFile } from '../server/core/keys/key-files.ts';
import { openProtection, tokenOf } from '../server/core/keys/protection.ts';
import { tryTokenKey } from '../server/core/keys/token-secret.ts';

/**
 * Opens every key; a token is asked to open something that was made up.
 * @returns what was found
 * @throws Error what is wrong
 */
export async function checkKeys(config: ServerConfig): Promise<string> {
  const { CREDENTIALS_DIRECTORY: credentials } = process.env;
  const folder = join(config.dataFolder, 'keys');
  const token = tokenOf(config, credentials);
  const under = token === undefined ? undefined : { ...token, ...tryTokenKey(token) };
  const protection = await openProtection(config, folder, credentials, 'read');
  const paths = await keyFilesIn(folder);
  for (const path of paths) await readKeyFile(path, protection);
  const inTheClear = paths.filter((path) => !isProtected(path)).length;
  const kept = under !== undefined
    ? `token ${under.token}, key ${under.key} (RSA ${under.bits}, ${under.algorithm})`
    : protection.passphrase === undefined
    ? 'no passphrase and no token'
    : 'a passphrase';
  const found = `${kept}; ${paths.length} keys, ${inTheClear} in the clear`;
  if (inTheClear === 0 || (under ?? protection.passphrase) === undefined) return found;
  throw new Error(`${found}: run "gatehouse keys encrypt"`);
}
