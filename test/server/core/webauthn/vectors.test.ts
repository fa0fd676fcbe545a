/** What the specification has made is read as it says, and refused where the console asks for more than it. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'bun:test';
import { readAssertion } from '../../../../server/core/webauthn/assertion.ts';
import { parseAuthenticatorData } from '../../../../server/core/webauthn/authenticator-data.ts';
import { readClientData } from '../../../../server/core/webauthn/client-data.ts';
import { checkPublicKey, signatureHolds } from '../../../../server/core/webauthn/public-key.ts';
import { IN_A_FRAME, NONE_ES256, RELYING_PARTY } from './vectors.ts';

const signedBy = (
  { authenticatorData, clientData }: { authenticatorData: Uint8Array; clientData: Uint8Array },
) => Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()]);

const credentialOf = (publicKey: Uint8Array, backupEligible: boolean) => ({
  id: new Uint8Array(1),
  algorithm: -7 as const,
  publicKey,
  counter: 0,
  backupEligible,
  backedUp: false,
});

describe('vectors of WebAuthn Level 3', () => {
  test('a new credential has its identifier and flags', () => {
    const data = parseAuthenticatorData(NONE_ES256.registration.authenticatorData);
    expect(data).toEqual(
      {
        rpIdHash: createHash('sha256').update('example.org').digest(),
        userPresent: true,
        userVerified: false,
        backupEligible: true,
        backedUp: true,
        counter: 0,
        credentialId: NONE_ES256.credentialId,
      } as unknown as typeof data,
    );
  });

  test('the challenge is that of the client data', () => {
    const { clientData, challenge } = NONE_ES256.assertion;
    expect(readClientData(clientData, 'webauthn.get', RELYING_PARTY.origin)).toBe(
      Buffer.from(challenge).toString('base64url'),
    );
  });

  test.each([['16.2', NONE_ES256], ['16.4', IN_A_FRAME]])('signature of %s', (_, vector) => {
    const { publicKey, assertion } = vector;
    const data = signedBy(assertion);
    checkPublicKey(publicKey, -7);
    expect(signatureHolds(publicKey, -7, data, assertion.signature)).toBe(true);
    for (const at of [0, 32, data.length - 1]) {
      const changed = Buffer.from(data);
      changed[at] ^= 1;
      expect(signatureHolds(publicKey, -7, changed, assertion.signature)).toBe(false);
    }
  });

  test('without user verification there is no sign-in', () => {
    const credential = credentialOf(NONE_ES256.publicKey, true);
    expect(() => readAssertion(NONE_ES256.assertion, credential, RELYING_PARTY, () => true))
      .toThrow('user-verification');
  });

  test('nor is there in a frame of another site', () => {
    const credential = credentialOf(IN_A_FRAME.publicKey, false);
    expect(() => readAssertion(IN_A_FRAME.assertion, credential, RELYING_PARTY, () => true))
      .toThrow('framed');
  });
});
