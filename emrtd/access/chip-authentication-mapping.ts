/**
 * Chip authentication mapping (9303-11 4.4.3.3.3, 4.4.3.5.2): the chip proves with PACE that it holds the
 * private key of a public key that EF.CardSecurity signs.
 */
import {
  blockSize,
  bytesToBigInt,
  type CipherName,
  decryptCbc,
  encodePoint,
  encryptBlock,
  equalConstantTime,
  multiply,
  unpadIso9797,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { SecurityInfos } from '../lds/mod.ts';
import { parseStaticKey } from './static-key.ts';

/** What PACE leaves to be checked against EF.CardSecurity. */
export interface CamEvidence {
  /**
   * Chip authentication data CA_IC: the scalar that links the mapping key to the static key. Empty when
   * the chip sent none or none that could be decrypted, which verifies with no key.
   */
  authenticationData: Uint8Array;
  /** The chip's public key of the mapping step. */
  mappingKey: Uint8Array;
}

/**
 * Decrypts the chip authentication data: CBC under KS_ENC with the IV E(KS_ENC, FF…FF). Empty for data that
 * is absent or broken: the channel stands without it, only the proof fails.
 */
export function openCamData(
  cipher: CipherName,
  kenc: Uint8Array,
  encrypted: Uint8Array | undefined,
): Uint8Array {
  const block = blockSize(cipher);
  const iv = encryptBlock(cipher, kenc, new Uint8Array(block).fill(0xff));
  try {
    return unpadIso9797(decryptCbc(cipher, kenc, iv, encrypted ?? new Uint8Array(0)), block);
  } catch (error) {
    if (error instanceof EmrtdError) return new Uint8Array(0);
    throw error;
  }
}

/** Whether CA_IC times this static key is the mapping key; false for a key of another kind or curve. */
function links(spki: Uint8Array, evidence: CamEvidence): boolean {
  try {
    const key = parseStaticKey(spki, 'EF.CardSecurity');
    if (key.kind !== 'ec') return false;
    const point = multiply(key.curve, bytesToBigInt(evidence.authenticationData), key.point);
    return equalConstantTime(encodePoint(key.curve, point), evidence.mappingKey);
  } catch (error) {
    if (error instanceof EmrtdError) return false;
    throw error;
  }
}

/** Keys tried; documents have one or two. */
const MAX_KEYS = 8;

/**
 * Whether the chip holds the private key of one of the first eight chip authentication keys. `infos` must
 * come from the signed content of EF.CardSecurity, and its signature must have been verified.
 */
export function verifyChipAuthenticationMapping(
  evidence: CamEvidence,
  infos: SecurityInfos,
): boolean {
  return infos.chipAuthenticationPublicKeys.slice(0, MAX_KEYS)
    .some(({ publicKey }) => links(publicKey, evidence));
}
