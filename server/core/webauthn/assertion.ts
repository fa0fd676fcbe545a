/** A sign-in with a passkey: WebAuthn Level 3, 7.2, for credentials that the authenticator finds by itself. */
import { createHash } from 'node:crypto';
import { checkAuthenticatorData, parseAuthenticatorData } from './authenticator-data.ts';
import { readClientData } from './client-data.ts';
import { signatureHolds } from './public-key.ts';
import { PasskeyRefusal } from './refusal.ts';
import type { Credential } from './registration.ts';
import type { RelyingParty } from './relying-party.ts';

/** AuthenticatorAssertionResponse without its user handle. */
export interface AssertionResponse {
  readonly clientData: Uint8Array;
  readonly authenticatorData: Uint8Array;
  readonly signature: Uint8Array;
}

/** What changes with a sign-in. */
export interface CredentialState {
  readonly counter: number;
  readonly backedUp: boolean;
}

/**
 * @param credential as it was kept after the sign-in before
 * @param holds whether a challenge is good
 * @throws PasskeyRefusal
 */
export function readAssertion(
  { clientData, authenticatorData, signature }: AssertionResponse,
  credential: Credential,
  { origin, id: rpId }: RelyingParty,
  holds: (challenge: string) => boolean,
): CredentialState {
  const challenge = readClientData(clientData, 'webauthn.get', origin);
  const data = parseAuthenticatorData(authenticatorData);
  checkAuthenticatorData(data, rpId);
  const { backupEligible, backedUp, counter } = data;
  if (backupEligible !== credential.backupEligible) throw new PasskeyRefusal('backup');
  const signed = Buffer.concat([
    authenticatorData,
    createHash('sha256').update(clientData).digest(),
  ]);
  if (!signatureHolds(credential.publicKey, credential.algorithm, signed, signature)) {
    throw new PasskeyRefusal('signature');
  }
  // behind the signature: only answers of the authenticator use a challenge up
  if (!holds(challenge)) throw new PasskeyRefusal('challenge');
  // 6.1.1: both are zero where the authenticator does not count
  if (counter <= credential.counter && (counter > 0 || credential.counter > 0)) {
    throw new PasskeyRefusal('counter');
  }
  return { counter, backedUp };
}
