/** What the settings say the private keys are kept under: a passphrase, a token, or nothing. */
import { ServerError } from '../errors.ts';
import type { TokenSettings } from '../pkcs11/token.ts';
import { isProtected, keyFilesIn, type KeyProtection } from './key-files.ts';
import { passphraseOf, pinOf } from './passphrase.ts';
import { openOrMakeTokenSecret, openTokenSecret, tokenSecretPath } from './token-secret.ts';

export interface ProtectionSettings {
  readonly keysPassphrase: string | undefined;
  readonly pkcs11Module: string | undefined;
  readonly pkcs11Token: string | undefined;
  readonly pkcs11Key: string;
  readonly pkcs11Pin: string | undefined;
}

/**
 * The token of the settings; undefined where there is none.
 * @param credentials folder that systemd names in CREDENTIALS_DIRECTORY
 * @throws ServerError CONFIG_INVALID
 */
export function tokenOf(
  settings: ProtectionSettings,
  credentials: string | undefined,
): TokenSettings | undefined {
  const { pkcs11Module: module, pkcs11Token: token = '', pkcs11Key: key } = settings;
  if (module === undefined) return undefined;
  if (settings.keysPassphrase !== undefined) {
    throw wrong('passphrase', 'keys are under it or under a token, keys.pkcs11_module, not both');
  }
  const pin = pinOf(settings.pkcs11Pin, credentials);
  if (pin !== undefined) return { module, token, key, pin };
  throw wrong(
    'pkcs11_pin',
    'the token needs one: give it in a file, GATEHOUSE_KEYS_PKCS11_PIN_FILE',
  );
}

/**
 * What the protection is needed for, where a token has no secret of the folder yet: to read keys, which makes
 * none; to make keys, if none are there that it does not open; to put keys of another passphrase under it.
 */
export type Purpose = 'read' | 'make' | 'convert';

/**
 * What the keys of a folder are kept under.
 * @throws ServerError CONFIG_INVALID
 */
export async function openProtection(
  settings: ProtectionSettings,
  folder: string,
  credentials: string | undefined,
  purpose: Purpose,
): Promise<KeyProtection> {
  const token = tokenOf(settings, credentials);
  if (token === undefined) {
    return { passphrase: passphraseOf(settings.keysPassphrase, credentials) };
  }
  const known = openTokenSecret(folder, token);
  if (known !== undefined || purpose === 'read') return { passphrase: known };
  if (purpose === 'make' && (await keyFilesIn(folder)).some(isProtected)) {
    throw new ServerError(
      'CONFIG_INVALID',
      `${
        tokenSecretPath(folder)
      } is missing, and the keys beside it are encrypted: put it back from a backup, ` +
        'or, where they are under a passphrase, run "gatehouse keys encrypt --passphrase FILE"',
    );
  }
  return { passphrase: await openOrMakeTokenSecret(folder, token) };
}

function wrong(setting: 'passphrase' | 'pkcs11_pin', words: string): ServerError {
  return new ServerError('CONFIG_INVALID', `keys.${setting}: ${words}`);
}
