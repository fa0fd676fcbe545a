/**
 * A new passkey: WebAuthn Level 3, 7.1, without attestation. Who made the authenticator is not asked for and no
 * statement of it is read, so a credential is worth what the session is that adds it.
 */
import { checkAuthenticatorData, parseAuthenticatorData } from './authenticator-data.ts';
import { readClientData } from './client-data.ts';
import { type Algorithm, checkPublicKey, isAlgorithm } from './public-key.ts';
import { PasskeyRefusal } from './refusal.ts';
import type { RelyingParty } from './relying-party.ts';

/** AuthenticatorAttestationResponse, as far as it is used. */
export interface RegistrationResponse {
  readonly clientData: Uint8Array;
  readonly authenticatorData: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** COSE algorithm identifier. */
  readonly algorithm: number;
}

/** What is kept of a credential. */
export interface Credential {
  readonly id: Uint8Array;
  readonly algorithm: Algorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
}

/**
 * @param holds whether a challenge is good
 * @throws PasskeyRefusal
 */
export function readRegistration(
  { clientData, authenticatorData, publicKey, algorithm }: RegistrationResponse,
  { origin, id: rpId }: RelyingParty,
  holds: (challenge: string) => boolean,
): Credential {
  const challenge = readClientData(clientData, 'webauthn.create', origin);
  const data = parseAuthenticatorData(authenticatorData);
  checkAuthenticatorData(data, rpId);
  const { credentialId: id, counter, backupEligible, backedUp } = data;
  if (id === undefined) throw new PasskeyRefusal('malformed');
  if (!isAlgorithm(algorithm)) throw new PasskeyRefusal('key');
  checkPublicKey(publicKey, algorithm);
  if (!holds(challenge)) throw new PasskeyRefusal('challenge');
  return { id, algorithm, publicKey, counter, backupEligible, backedUp };
}
