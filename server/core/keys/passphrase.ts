/** The passphrase that key files are kept under: of the settings, or handed over by systemd. */
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { ServerError } from '../errors.ts';
import { readGivenKey } from './given-key.ts';

/** Name of the credential: `LoadCredentialEncrypted=gatehouse.passphrase` of systemd.exec(5). */
const CREDENTIAL = 'gatehouse.passphrase';
const LEAST_CHARACTERS = 12;

/**
 * @param set by the operator; goes before systemd's
 * @param credentials folder that systemd names in CREDENTIALS_DIRECTORY
 * @returns undefined when there is none
 * @throws ServerError CONFIG_INVALID when it cannot be read or is too short to be one
 */
export function passphraseOf(
  set: string | undefined,
  credentials: string | undefined,
): string | undefined {
  if (set !== undefined || credentials === undefined) return set;
  const path = join(credentials, CREDENTIAL);
  return existsSync(path) ? readPassphrase(path) : undefined;
}

/** The passphrase in a file, without white space at its ends. @throws ServerError CONFIG_INVALID */
export function readPassphrase(path: string): string {
  const passphrase = readGivenKey(path, path).trim();
  if (passphrase.length >= LEAST_CHARACTERS) return passphrase;
  const message = `${path}: a passphrase has at least ${LEAST_CHARACTERS} characters`;
  throw new ServerError('CONFIG_INVALID', message);
}
