/** The passphrase that key files are kept under, and the PIN of a token: of the settings, or handed over by systemd. */
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { ServerError } from '../errors.ts';
import { readGivenKey } from './given-key.ts';

/** Names of credentials: `LoadCredentialEncrypted=gatehouse.passphrase` of systemd.exec(5). */
const PASSPHRASE_CREDENTIAL = 'gatehouse.passphrase';
const PIN_CREDENTIAL = 'gatehouse.pkcs11-pin';
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
  const path = set === undefined ? credentialIn(credentials, PASSPHRASE_CREDENTIAL) : undefined;
  return path === undefined ? set : readPassphrase(path);
}

/** The passphrase in a file, without white space at its ends. @throws ServerError CONFIG_INVALID */
export function readPassphrase(path: string): string {
  const passphrase = readGivenKey(path, path).trim();
  if (passphrase.length >= LEAST_CHARACTERS) return passphrase;
  const message = `${path}: a passphrase has at least ${LEAST_CHARACTERS} characters`;
  throw new ServerError('CONFIG_INVALID', message);
}

/** The same of the PIN of a token, which the token judges. @throws ServerError CONFIG_INVALID */
export function pinOf(
  set: string | undefined,
  credentials: string | undefined,
): string | undefined {
  const path = set === undefined ? credentialIn(credentials, PIN_CREDENTIAL) : undefined;
  return path === undefined ? set : readGivenKey(path, path).trim();
}

function credentialIn(credentials: string | undefined, name: string): string | undefined {
  const path = credentials === undefined ? undefined : join(credentials, name);
  return path !== undefined && existsSync(path) ? path : undefined;
}
