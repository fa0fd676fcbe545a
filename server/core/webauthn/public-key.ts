/**
 * Public keys of passkeys: SubjectPublicKeyInfo as browsers give it for the three algorithms that all of them can
 * (WebAuthn Level 3, 5.2.1.1), and the signatures made with them (6.5.5).
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { PasskeyRefusal } from './refusal.ts';

/** COSE algorithm identifiers (RFC 9053, RFC 8812), the one to prefer first. */
export const ALGORITHMS = { ES256: -7, EdDSA: -8, RS256: -257 } as const;
export type Algorithm = typeof ALGORITHMS[keyof typeof ALGORITHMS];

/** NIST SP 800-131A: less is not strong enough. */
const LEAST_RSA_BITS = 2048;
const MOST_RSA_BITS = 4096;
/** An RSA key of the most bits has some 550. */
const MAX_KEY_BYTES = 1024;

/** Whether a number stands for one of the algorithms that we ask for. */
export function isAlgorithm(value: number): value is Algorithm {
  return Object.values(ALGORITHMS).some((known) => known === value);
}

/**
 * Makes sure that a key is one of its algorithm.
 * @param spki DER
 * @throws PasskeyRefusal key
 */
export function checkPublicKey(spki: Uint8Array, algorithm: Algorithm): void {
  if (!fits(read(spki), algorithm)) throw new PasskeyRefusal('key');
}

function fits({ asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject, of: Algorithm) {
  const { namedCurve, modulusLength: bits = 0 } = asymmetricKeyDetails ?? {};
  switch (of) {
    case ALGORITHMS.ES256:
      return type === 'ec' && namedCurve === 'prime256v1';
    case ALGORITHMS.EdDSA:
      return type === 'ed25519';
    case ALGORITHMS.RS256:
      return type === 'rsa' && bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS;
  }
}

/**
 * Whether a signature over `data` is right.
 * @param spki of a key that `checkPublicKey` has let through
 */
export function signatureHolds(
  spki: Uint8Array,
  algorithm: Algorithm,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return verify(algorithm === ALGORITHMS.EdDSA ? null : 'sha256', data, read(spki), signature);
  } catch {
    // a signature that is no DER, say
    return false;
  }
}

function read(spki: Uint8Array): KeyObject {
  if (spki.length > MAX_KEY_BYTES) throw new PasskeyRefusal('key');
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new PasskeyRefusal('key', { cause });
  }
}
