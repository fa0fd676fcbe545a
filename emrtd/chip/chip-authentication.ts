/** Chip side of Chip Authentication version 1 (ICAO 9303-11 6.2): MSE:Set KAT, or MSE:Set AT and GENERAL AUTHENTICATE. */
import {
  bigIntToBytes,
  bytesToBigInt,
  checkPublicValue,
  type CipherName,
  decodePoint,
  dhPower,
  type Domain,
  ecdh,
} from '../crypto/mod.ts';
import { ChipChannel } from './secure-channel.ts';

/** One static key of the chip and the cipher it agrees on. */
export interface ChipAuthenticationKey {
  /** OID of ChipAuthenticationInfo, dotted. */
  oid: string;
  cipher: CipherName;
  keyId?: number;
  domain: Domain;
  privateKey: bigint;
}

/**
 * The channel that the key agreement with the terminal's ephemeral key opens; its counter starts at zero.
 * Throws CRYPTO_KEY for a bad public key.
 */
export function agreeChipAuthentication(
  key: ChipAuthenticationKey,
  peer: Uint8Array,
): ChipChannel {
  const { domain, privateKey } = key;
  const secret = domain.kind === 'ec'
    ? ecdh(domain.curve, privateKey, decodePoint(domain.curve, peer))
    : bigIntToBytes(
      dhPower(checkPublicValue(domain.group, bytesToBigInt(peer)), privateKey, domain.group),
      domain.group.length,
    );
  return ChipChannel.fromSecret(key.cipher, secret);
}

/** The key that a key identifier names, or the only key when the terminal names none. */
export function selectKey(
  keys: readonly ChipAuthenticationKey[],
  keyId: Uint8Array | undefined,
  oid?: string,
): ChipAuthenticationKey | undefined {
  const fitting = keys.filter((key) => oid === undefined || key.oid === oid);
  if (keyId === undefined) return fitting.length === 1 ? fitting[0] : undefined;
  const wanted = bytesToBigInt(keyId);
  return fitting.find((key) => key.keyId !== undefined && BigInt(key.keyId) === wanted);
}
