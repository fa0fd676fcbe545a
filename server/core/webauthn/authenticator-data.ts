/**
 * What the authenticator says and signs: authenticator data, WebAuthn Level 3, 6.1. The public key and the
 * extensions at its end are not read: the browser hands the key over by itself (5.2.1.1), extensions are not used.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { PasskeyRefusal } from './refusal.ts';

const FLAG = {
  userPresent: 0x01,
  userVerified: 0x04,
  backupEligible: 0x08,
  backedUp: 0x10,
  attestedCredential: 0x40,
  extensions: 0x80,
} as const;

const RP_ID_HASH_BYTES = 32;
const FLAGS_AT = RP_ID_HASH_BYTES;
const COUNTER_AT = FLAGS_AT + 1;
const HEAD_BYTES = COUNTER_AT + 4;
const AAGUID_BYTES = 16;
/** 5.8.3: a credential identifier is no longer. */
const MAX_CREDENTIAL_ID_BYTES = 1023;
const MAX_BYTES = 4096;

export interface AuthenticatorData {
  readonly rpIdHash: Uint8Array;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  /** Whether the credential may be copied to other devices of its owner. */
  readonly backupEligible: boolean;
  /** Whether it was. */
  readonly backedUp: boolean;
  /** 0 where the authenticator does not count. */
  readonly counter: number;
  /** Of a new credential; undefined in an answer of one that was there. */
  readonly credentialId: Uint8Array | undefined;
}

/** @throws PasskeyRefusal malformed */
export function parseAuthenticatorData(bytes: Uint8Array): AuthenticatorData {
  if (bytes.length < HEAD_BYTES || bytes.length > MAX_BYTES) throw new PasskeyRefusal('malformed');
  const flags = bytes[FLAGS_AT];
  const has = (flag: number) => (flags & flag) !== 0;
  const attested = has(FLAG.attestedCredential);
  // without either flag nothing may follow
  if (bytes.length > HEAD_BYTES && !attested && !has(FLAG.extensions)) {
    throw new PasskeyRefusal('malformed');
  }
  return {
    rpIdHash: bytes.slice(0, RP_ID_HASH_BYTES),
    userPresent: has(FLAG.userPresent),
    userVerified: has(FLAG.userVerified),
    backupEligible: has(FLAG.backupEligible),
    backedUp: has(FLAG.backedUp),
    counter: new DataView(bytes.buffer, bytes.byteOffset).getUint32(COUNTER_AT),
    credentialId: attested ? credentialIdOf(bytes) : undefined,
  };
}

/** 6.5.1: AAGUID, length, identifier, key. */
function credentialIdOf(bytes: Uint8Array): Uint8Array {
  const lengthAt = HEAD_BYTES + AAGUID_BYTES, begin = lengthAt + 2;
  if (bytes.length < begin) throw new PasskeyRefusal('malformed');
  const length = (bytes[lengthAt] << 8) | bytes[lengthAt + 1];
  // the key follows, so the identifier does not reach the end
  if (length === 0 || length > MAX_CREDENTIAL_ID_BYTES || bytes.length <= begin + length) {
    throw new PasskeyRefusal('malformed');
  }
  return bytes.slice(begin, begin + length);
}

/**
 * Checks what holds for registrations and sign-ins alike (7.1 steps 14 to 18, 7.2 steps 16 to 20): the relying
 * party, that somebody was there and was verified, and that the flags of the backup can be.
 * @throws PasskeyRefusal
 */
export function checkAuthenticatorData(data: AuthenticatorData, rpId: string): void {
  const expected = createHash('sha256').update(rpId).digest();
  if (!timingSafeEqual(expected, data.rpIdHash)) throw new PasskeyRefusal('rp-id');
  if (!data.userPresent) throw new PasskeyRefusal('user-presence');
  if (!data.userVerified) throw new PasskeyRefusal('user-verification');
  if (data.backedUp && !data.backupEligible) throw new PasskeyRefusal('backup');
}
