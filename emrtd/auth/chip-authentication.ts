/**
 * Chip authentication, version 1 (9303-11 6.2): a key agreement with the static key of DG14 that only the
 * genuine chip can complete. The new keys prove nothing by themselves; the next protected read does.
 */
import { tlv } from '../asn1/mod.ts';
import { parseStaticKey } from '../access/mod.ts';
import {
  bigIntToBytes,
  bitLength,
  type CipherName,
  concat,
  deriveKey,
  KDF_ENC,
  KDF_MAC,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import {
  atStep,
  dynamicData,
  refused,
  sendGeneralAuthenticate,
  type Session,
  SW,
} from '../iso7816/mod.ts';
import type { ChipAuthenticationPublicKeyInfo, KeyAgreement, SecurityInfos } from '../lds/mod.ts';
import { freshChannel, type SecureChannel } from '../messaging/mod.ts';
import type { Random } from '../types.ts';

/** One way to authenticate the chip that DG14 allows. */
export interface ChipAuthenticationChoice {
  keyAgreement: KeyAgreement;
  cipher: CipherName;
  /** Key reference for MSE, when the chip has several keys. */
  keyId?: bigint;
  /** Value of the protocol OID for MSE:Set AT. */
  oidValue: Uint8Array;
  /** SubjectPublicKeyInfo of the static key. */
  publicKey: Uint8Array;
  /** True when DG14 names no protocol for the key and 3DES is taken for it. */
  inferred: boolean;
}

/** A key agreement that was carried out; not yet proof of the chip. */
export interface ChipAuthenticationOutcome {
  choice: ChipAuthenticationChoice;
  /** The new channel, already the session's. */
  channel: SecureChannel;
}

const MSE_SET_KAT = { cla: 0x00, ins: 0x22, p1: 0x41, p2: 0xa6 };
const MSE_SET_AT = { cla: 0x00, ins: 0x22, p1: 0x41, p2: 0xa4 };
const CIPHER_ORDER: readonly CipherName[] = ['AES-256', 'AES-192', 'AES-128', '3DES'];
const NOTHING = new Uint8Array(0);
/** Choices tried; documents with several keys have two or three. */
const MAX_TRIES = 8;

/** Documents without ChipAuthenticationInfo are older ones, which use 3DES. */
function inferredChoice(key: ChipAuthenticationPublicKeyInfo): ChipAuthenticationChoice {
  const { keyAgreement, publicKey, keyId } = key;
  return { keyAgreement, cipher: '3DES', keyId, oidValue: NOTHING, publicKey, inferred: true };
}

/**
 * The ways that DG14 allows, strongest cipher first: each ChipAuthenticationInfo of version 1 with the key
 * of its key id, then each key that no entry names.
 */
export function chipAuthenticationChoices(infos: SecurityInfos): ChipAuthenticationChoice[] {
  const choices: ChipAuthenticationChoice[] = [];
  const named = new Set<ChipAuthenticationPublicKeyInfo>();
  for (const info of infos.chipAuthentication) {
    const keys = infos.chipAuthenticationPublicKeys.filter((key) =>
      key.keyAgreement === info.keyAgreement &&
      (info.keyId === undefined || key.keyId === undefined || key.keyId === info.keyId)
    );
    for (const key of keys) {
      named.add(key);
      // version 2 comes after terminal authentication, which is not for travel documents' readers
      if (info.version === 2) continue;
      const { keyAgreement, cipher, oidValue } = info;
      const { publicKey, keyId } = key;
      choices.push({ keyAgreement, cipher, keyId, oidValue, publicKey, inferred: false });
    }
  }
  const rank = ({ cipher }: ChipAuthenticationChoice): number => CIPHER_ORDER.indexOf(cipher);
  const unnamed = infos.chipAuthenticationPublicKeys.filter((key) => !named.has(key));
  return [...choices.sort((a, b) => rank(a) - rank(b)), ...unnamed.map(inferredChoice)];
}

/** Key reference as MSE carries it: the key id of DG14 without leading zeros. */
function keyReference(keyId: bigint | undefined): Uint8Array {
  if (keyId === undefined) return NOTHING;
  return tlv(0x84, bigIntToBytes(keyId, Math.max(1, Math.ceil(bitLength(keyId) / 8))));
}

/** Hands the ephemeral key over; gives the status word when the chip refuses (9303-11 6.2.4). */
async function sendEphemeralKey(
  session: Session,
  choice: ChipAuthenticationChoice,
  publicKey: Uint8Array,
): Promise<number> {
  const reference = keyReference(choice.keyId);
  if (choice.cipher === '3DES') {
    const data = concat(tlv(0x91, publicKey), reference);
    return (await session.send({ ...MSE_SET_KAT, data })).sw;
  }
  const data = concat(tlv(0x80, choice.oidValue), reference);
  const { sw } = await session.send({ ...MSE_SET_AT, data });
  if (sw !== SW.OK) return sw;
  const answer = await sendGeneralAuthenticate(session, tlv(0x80, publicKey), true);
  if (answer.sw === SW.OK) dynamicData(answer);
  return answer.sw;
}

async function attempt(
  session: Session,
  choice: ChipAuthenticationChoice,
  random: Random,
): Promise<SecureChannel | number> {
  const { agreement, encoded } = parseStaticKey(choice.publicKey, 'DG14: chip authentication key');
  const own = agreement.generateKeyPair(random);
  const sw = await sendEphemeralKey(session, choice, own.publicKey);
  if (sw !== SW.OK) return sw;
  const secret = agreement.sharedSecret(own, encoded);
  const kenc = deriveKey(secret, KDF_ENC, choice.cipher);
  const kmac = deriveKey(secret, KDF_MAC, choice.cipher);
  const channel = freshChannel(choice.cipher, kenc, kmac);
  session.channel = channel;
  return channel;
}

/**
 * Carries out chip authentication with the first of the choices that the chip accepts, of eight at most;
 * the session goes on with the new keys. The chip is proven once a protected read with them has succeeded,
 * and only if passive authentication vouches for DG14. Throws CHIP_AUTHENTICATION when there is no usable
 * key or the chip refuses all, and what `Session.send` throws; the channel may be lost then.
 */
export function authenticateChip(
  session: Session,
  infos: SecurityInfos,
  random: Random,
): Promise<ChipAuthenticationOutcome> {
  return atStep('CA', 'CHIP_AUTHENTICATION', async () => {
    let last = new EmrtdError('CHIP_AUTHENTICATION', 'DG14 has no key for chip authentication');
    for (const choice of chipAuthenticationChoices(infos).slice(0, MAX_TRIES)) {
      try {
        const result = await attempt(session, choice, random);
        if (typeof result !== 'number') return { choice, channel: result };
        last = refused('CHIP_AUTHENTICATION', result);
      } catch (error) {
        if (!isAboutTheKey(error)) throw error;
        last = error;
      }
    }
    throw last;
  });
}

/** A key that cannot be used, found before anything was sent: another choice may do. */
function isAboutTheKey(error: unknown): error is EmrtdError {
  return error instanceof EmrtdError && error.code.startsWith('CRYPTO_');
}
