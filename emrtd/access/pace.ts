/**
 * PACE (9303-11 4.4.4): from a short password to a strong channel, with generic, integrated or chip
 * authentication mapping. The steps are numbered as the GENERAL AUTHENTICATE commands are.
 */
import { tlv } from '../asn1/mod.ts';
import {
  blockSize,
  type CipherName,
  concat,
  decryptCbc,
  deriveKey,
  equalConstantTime,
  KDF_ENC,
  KDF_MAC,
  KDF_PI,
  keyLength,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import {
  atStep,
  dynamicData,
  isWrongPassword,
  refused,
  requiredData,
  sendGeneralAuthenticate,
  type Session,
  SW,
} from '../iso7816/mod.ts';
import type { PaceInfo } from '../lds/mod.ts';
import { freshChannel, type SecureChannel } from '../messaging/mod.ts';
import type { Random } from '../types.ts';
import { type CamEvidence, openCamData } from './chip-authentication-mapping.ts';
import { integratedNonceLength } from './integrated-mapping.ts';
import type { PaceAgreement } from './pace-agreement.ts';
import { authenticationToken } from './pace-token.ts';
import { type AccessPassword, PASSWORD_REFERENCE } from './password.ts';

export interface PaceResult {
  channel: SecureChannel;
  /** Only with chip authentication mapping; not yet verified. */
  cam?: CamEvidence;
}

const MSE_SET_AT = { cla: 0x00, ins: 0x22, p1: 0xc1, p2: 0xa4 };
const NOTHING = new Uint8Array(0);
/** Longest nonce that any cipher here asks for, with a margin for those that use a longer one. */
const MAX_NONCE_BYTES = 64;
/** Words of the last step that speak of the password: wrong, blocked, or not said more clearly. */
const NOT_AUTHENTICATED: readonly number[] = [
  SW.SECURITY_STATUS,
  SW.AUTHENTICATION_BLOCKED,
  SW.SM_OBJECTS_WRONG,
];

/**
 * MSE:Set AT (9303-11 4.4.4.1). The parameter id goes along where there is one, since some documents
 * refuse without it; those that refuse it with it get a second try without.
 */
async function selectProtocol(
  session: Session,
  info: PaceInfo,
  password: AccessPassword,
): Promise<void> {
  const oid = tlv(0x80, info.oidValue);
  const reference = tlv(0x83, Uint8Array.of(PASSWORD_REFERENCE[password.kind]));
  const { parameterId } = info;
  const domain = parameterId === undefined ? NOTHING : tlv(0x84, Uint8Array.of(parameterId));
  const send = async (...objects: Uint8Array[]): Promise<number> =>
    (await session.send({ ...MSE_SET_AT, data: concat(...objects) })).sw;
  let sw = await send(oid, reference, domain);
  const aboutTheData = sw >> 8 === 0x6a || sw === SW.WRONG_LENGTH;
  if (aboutTheData && domain.length > 0) sw = await send(oid, reference);
  // 63Cx warns that a PIN has x tries left; the protocol goes on.
  if (sw === SW.OK || sw >> 4 === 0x63c) return;
  const blocked = sw === SW.AUTHENTICATION_BLOCKED;
  throw refused(blocked ? 'ACCESS_DENIED' : 'ACCESS_UNSUPPORTED', sw);
}

async function readNonce(
  session: Session,
  cipher: CipherName,
  password: AccessPassword,
): Promise<Uint8Array> {
  const answer = dynamicData(await sendGeneralAuthenticate(session, NOTHING, false));
  const encrypted = requiredData(answer, 0x80);
  const block = blockSize(cipher);
  if (encrypted.length === 0 || encrypted.length > MAX_NONCE_BYTES) {
    throw new EmrtdError('ACCESS_FAILED', `nonce of ${encrypted.length} bytes`);
  }
  const key = deriveKey(password.secret, KDF_PI, cipher);
  return decryptCbc(cipher, key, new Uint8Array(block), encrypted);
}

/** Exchanges one pair of data objects of the steps between nonce and tokens. */
async function exchange(
  session: Session,
  tag: number,
  value: Uint8Array,
): Promise<Map<number, Uint8Array>> {
  return dynamicData(await sendGeneralAuthenticate(session, tlv(tag, value), false));
}

interface Mapped {
  agreement: PaceAgreement;
  /** The chip's public key, of the mappings that have one. */
  chipKey: Uint8Array;
}

async function mapNonce(
  session: Session,
  info: PaceInfo,
  agreement: PaceAgreement,
  nonce: Uint8Array,
  random: Random,
): Promise<Mapped> {
  if (info.mapping === 'IM') {
    if (nonce.length !== integratedNonceLength(info.cipher)) {
      throw new EmrtdError('ACCESS_FAILED', `nonce of ${nonce.length} bytes`);
    }
    const t = random(keyLength(info.cipher));
    await exchange(session, 0x81, t);
    return { agreement: agreement.mapIntegrated(info.cipher, nonce, t), chipKey: NOTHING };
  }
  const own = agreement.generateKeyPair(random);
  const chipKey = requiredData(await exchange(session, 0x81, own.publicKey), 0x82);
  return { agreement: agreement.mapGeneric(nonce, own, chipKey), chipKey };
}

/** Tokens in both directions (9303-11 4.4.4.2, step 4); a wrong password shows here. */
async function exchangeTokens(
  session: Session,
  tokens: { own: Uint8Array; chip: Uint8Array },
): Promise<Map<number, Uint8Array>> {
  const answer = await sendGeneralAuthenticate(session, tlv(0x85, tokens.own), true);
  if (isWrongPassword(answer.sw) || NOT_AUTHENTICATED.includes(answer.sw)) {
    throw refused('ACCESS_DENIED', answer.sw);
  }
  const values = dynamicData(answer);
  if (!equalConstantTime(tokens.chip, requiredData(values, 0x86))) {
    throw new EmrtdError('ACCESS_FAILED', "the chip's token does not prove the password");
  }
  return values;
}

/**
 * Runs PACE with one PaceInfo over its domain parameters and gives the channel, which is then also the
 * session's. `random` is asked for the mapping key (or t of the integrated mapping), then for the key of
 * the agreement. Throws ACCESS_UNSUPPORTED when the chip refuses the protocol, ACCESS_DENIED for a wrong or
 * blocked password, ACCESS_FAILED with the step when it does not keep to the protocol.
 */
export async function authenticatePace(
  session: Session,
  options: {
    info: PaceInfo;
    agreement: PaceAgreement;
    password: AccessPassword;
    random: Random;
  },
): Promise<PaceResult> {
  const { info, password, random } = options;
  const { cipher, oidValue } = info;
  await atStep('PACE MSE', 'ACCESS_FAILED', () => selectProtocol(session, info, password));
  const nonce = await atStep('PACE 1', 'ACCESS_FAILED', () => readNonce(session, cipher, password));
  const { agreement, chipKey: mappingKey } = await atStep(
    'PACE 2',
    'ACCESS_FAILED',
    () => mapNonce(session, info, options.agreement, nonce, random),
  );
  const { own, chipKey, secret } = await atStep('PACE 3', 'ACCESS_FAILED', async () => {
    const own = agreement.generateKeyPair(random);
    const chipKey = requiredData(await exchange(session, 0x83, own.publicKey), 0x84);
    if (equalConstantTime(own.publicKey, chipKey)) {
      throw new EmrtdError('ACCESS_FAILED', "the chip sent the terminal's own key back");
    }
    return { own, chipKey, secret: agreement.sharedSecret(own, chipKey) };
  });
  const kenc = deriveKey(secret, KDF_ENC, cipher);
  const kmac = deriveKey(secret, KDF_MAC, cipher);
  const token = (key: Uint8Array): Uint8Array =>
    authenticationToken(cipher, kmac, oidValue, agreement.publicKeyTag, key);
  return atStep('PACE 4', 'ACCESS_FAILED', async () => {
    const tokens = { own: token(chipKey), chip: token(own.publicKey) };
    const answer = await exchangeTokens(session, tokens);
    const channel = freshChannel(cipher, kenc, kmac);
    session.channel = channel;
    if (info.mapping !== 'CAM') return { channel };
    const authenticationData = openCamData(cipher, kenc, answer.get(0x8a));
    return { channel, cam: { authenticationData, mappingKey } };
  });
}
