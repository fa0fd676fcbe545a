/** RSA public keys that an operator hands over as text. */
import { createPublicKey, type KeyObject } from 'node:crypto';

/** NIST SP 800-131A revision 2, table 2: shorter keys are no longer acceptable. */
const LEAST_MODULUS_BITS = 2048;

/**
 * @param text PEM, its lines also separated by `\n` as one-line variables have it, or the Base64 of a
 * SubjectPublicKeyInfo
 * @returns undefined when that is no RSA key of at least 2048 bits
 */
export function readRsaPublicKey(text: string): KeyObject | undefined {
  let key: KeyObject;
  try {
    key = text.includes('-----BEGIN')
      ? createPublicKey(text.replaceAll('\\n', '\n'))
      : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return key.asymmetricKeyType === 'rsa' && bits >= LEAST_MODULUS_BITS ? key : undefined;
}
