/** Basic access control (9303-11 4.3): mutual authentication with 3DES keys out of the MRZ. */
import {
  concat,
  decryptCbc,
  deriveKey,
  encryptCbc,
  equalConstantTime,
  KDF_ENC,
  KDF_MAC,
  mac,
  padIso9797,
  xor,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import { atStep, refused, type ResponseApdu, type Session, SW } from '../iso7816/mod.ts';
import { channelFromSsc, type SecureChannel } from '../messaging/mod.ts';
import type { Random } from '../types.ts';
import type { AccessPassword } from './password.ts';

const GET_CHALLENGE = { cla: 0x00, ins: 0x84, p1: 0x00, p2: 0x00, le: 8 };
const EXTERNAL_AUTHENTICATE = { cla: 0x00, ins: 0x82, p1: 0x00, p2: 0x00, le: 40 };
const NONCE = 8;
const KEY = 16;
const CRYPTOGRAM = 32;
const MAC = 8;
const ZERO_IV = new Uint8Array(8);
/** Words that speak of the command, not of the keys. */
const NOT_THE_PASSWORD: readonly number[] = [SW.WRONG_LENGTH, 0x6d00, 0x6e00];

/** K_ENC and K_MAC, the basic access keys (9303-11 9.7.2), from the first 16 bytes of the MRZ hash. */
export function basicAccessKeys(password: AccessPassword): { kenc: Uint8Array; kmac: Uint8Array } {
  if (password.kind !== 'MRZ') {
    throw new EmrtdError('ACCESS_UNSUPPORTED', 'BAC: needs the MRZ as password');
  }
  const seed = password.secret.subarray(0, KEY);
  return { kenc: deriveKey(seed, KDF_ENC, '3DES'), kmac: deriveKey(seed, KDF_MAC, '3DES') };
}

/**
 * Runs BAC and gives the channel, which is then also the session's. `random` is asked for RND.IFD (8
 * bytes), then for K.IFD (16). Throws ACCESS_DENIED when the chip refuses the keys, ACCESS_FAILED with
 * the step when it does not keep to the protocol, ACCESS_UNSUPPORTED without an MRZ password.
 */
export async function authenticateBac(
  session: Session,
  password: AccessPassword,
  random: Random,
): Promise<SecureChannel> {
  const { kenc, kmac } = basicAccessKeys(password);
  const sign = (data: Uint8Array): Uint8Array => mac('3DES', kmac, padIso9797(data, 8));
  const rndIc = await atStep('BAC 1', 'ACCESS_FAILED', async () => {
    const { sw, data } = await session.send(GET_CHALLENGE);
    if (sw !== SW.OK || data.length !== NONCE) throw refused('ACCESS_FAILED', sw);
    return data;
  });
  const rndIfd = random(NONCE);
  const kIfd = random(KEY);
  const eIfd = encryptCbc('3DES', kenc, ZERO_IV, concat(rndIfd, rndIc, kIfd));
  return atStep('BAC 2', 'ACCESS_FAILED', async () => {
    const data = concat(eIfd, sign(eIfd));
    const eIc = openAnswer(await session.send({ ...EXTERNAL_AUTHENTICATE, data }), sign);
    const r = decryptCbc('3DES', kenc, ZERO_IV, eIc);
    if (!equalConstantTime(r.subarray(0, 2 * NONCE), concat(rndIc, rndIfd))) throw notTheChip();
    const seed = xor(kIfd, r.subarray(2 * NONCE));
    const channel = channelFromSsc(
      '3DES',
      deriveKey(seed, KDF_ENC, '3DES'),
      deriveKey(seed, KDF_MAC, '3DES'),
      concat(rndIc.subarray(4), rndIfd.subarray(4)),
    );
    session.channel = channel;
    return channel;
  });
}

function openAnswer(answer: ResponseApdu, sign: (data: Uint8Array) => Uint8Array): Uint8Array {
  const { sw, data } = answer;
  if (sw !== SW.OK) {
    throw refused(NOT_THE_PASSWORD.includes(sw) ? 'ACCESS_FAILED' : 'ACCESS_DENIED', sw);
  }
  if (data.length !== CRYPTOGRAM + MAC) {
    throw new EmrtdError('ACCESS_FAILED', `answer of ${data.length} bytes instead of 40`);
  }
  const eIc = data.subarray(0, CRYPTOGRAM);
  if (!equalConstantTime(sign(eIc), data.subarray(CRYPTOGRAM))) throw notTheChip();
  return eIc;
}

/** MAC and nonce failures look alike. */
function notTheChip(): EmrtdError {
  return new EmrtdError('ACCESS_FAILED', "the chip's answer does not prove the keys");
}
