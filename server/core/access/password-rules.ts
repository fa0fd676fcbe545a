/** What a password of an administrator has to be: OWASP ASVS 5.0, 6.2.1, 6.2.4, 6.2.5, 6.2.9 and 6.2.11. */
import { isCommon } from './common-passwords.ts';

const LEAST_CHARACTERS = 12;
export const MOST_PASSWORD_CHARACTERS = 1024;
/** In words, for who has to choose one. */
export const PASSWORD_LENGTH = `${LEAST_CHARACTERS} to ${MOST_PASSWORD_CHARACTERS} characters`;
const PRODUCT = 'gatehouse';

/**
 * Why a password must not be taken, as the rest of a sentence without the password; undefined when it may be.
 * @param name of the administrator
 */
export function passwordFault(password: string, name: string): string | undefined {
  const { length } = password;
  if (length < LEAST_CHARACTERS || length > MOST_PASSWORD_CHARACTERS) {
    return `a password has ${PASSWORD_LENGTH}`;
  }
  const folded = password.toLowerCase();
  const word = [PRODUCT, name].find((easy) => folded.includes(easy.toLowerCase()));
  if (word !== undefined) return `a password with "${word}" in it is easy to guess`;
  return isCommon(password) ? 'a password of one or two common ones is easy to guess' : undefined;
}
