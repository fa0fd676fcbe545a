/** The way into a token: its slot by its label, a session, the login of the user (PKCS #11 3.1, 5.5 and 5.6). */
import { Pkcs11Error } from './codes.ts';
import type { Cryptoki } from './cryptoki.ts';
import { ignore, wrong } from './faults.ts';
import { readTokenInfo, TOKEN_FLAG, TOKEN_INFO_BYTES } from './structures.ts';

/** CKF_SERIAL_SESSION, which must be, and CKF_RW_SESSION. */
const SERIAL = 4, WRITE = 2;
const CKU_USER = 1;
/** More slots than this are an error of the module. */
const MAX_SLOTS = 1024;

const CKR = { pinIncorrect: 0xa0, pinLenRange: 0xa2, pinExpired: 0xa3, pinLocked: 0xa4 } as const;

/** Anything but these is the token's fault. */
const PIN_FAULTS: Readonly<Record<number, string>> = {
  [CKR.pinIncorrect]: 'the token refuses it (CKR_PIN_INCORRECT)',
  [CKR.pinLenRange]: 'it is too short or too long for the token (CKR_PIN_LEN_RANGE)',
  [CKR.pinExpired]: 'it has expired (CKR_PIN_EXPIRED): set a new one with the tool of the token',
  [CKR.pinLocked]: 'the token has locked it (CKR_PIN_LOCKED): its security officer can unlock it',
};

/** The slot of the token of a label. @throws ServerError CONFIG_INVALID, Pkcs11Error */
export function findSlot(call: Cryptoki, label: string): bigint {
  const count = new BigUint64Array(1);
  call('C_GetSlotList', 1, null, count);
  const slots = new BigUint64Array(Math.min(MAX_SLOTS, Number(count[0])));
  count[0] = BigInt(slots.length);
  if (slots.length > 0) call('C_GetSlotList', 1, slots, count);
  const tokens = [...slots.subarray(0, Math.min(slots.length, Number(count[0])))].map((slot) => {
    const info = new Uint8Array(TOKEN_INFO_BYTES);
    // one that is pulled out meanwhile is none
    const there = !ignore(() => call('C_GetTokenInfo', slot, info));
    return { slot, ...readTokenInfo(info), there };
  }).filter(({ there, flags }) => there && (flags & TOKEN_FLAG.initialized) !== 0);
  const [found, another] = tokens.filter((token) => token.label === label);
  if (found === undefined) {
    // what a token calls itself goes to a terminal
    const others = tokens.map((token) => token.label.replaceAll(/\p{C}/gu, '?')).join(', ');
    const found = others === '' ? 'nor any other' : `only ${others}`;
    throw wrong('pkcs11_token', `${label}: there is no such token, ${found}`);
  }
  if (another !== undefined) throw wrong('pkcs11_token', `${label}: there are two of this label`);
  refuseLocked(found.flags);
  return found.slot;
}

/** @param write whether objects may be made. @throws Pkcs11Error */
export function openSession(call: Cryptoki, slot: bigint, write = false): bigint {
  const session = new BigUint64Array(1);
  call('C_OpenSession', slot, SERIAL | (write ? WRITE : 0), null, null, session);
  return session[0];
}

/** A server that is started again and again with a wrong PIN must not be what locks the token. */
function refuseLocked(flags: number): void {
  const { userPinLocked, userPinFinalTry, userPinInitialized } = TOKEN_FLAG;
  if ((flags & userPinLocked) !== 0) throw wrong('pkcs11_pin', PIN_FAULTS[CKR.pinLocked]);
  if ((flags & userPinInitialized) === 0) throw wrong('pkcs11_pin', 'the token has none yet');
  if ((flags & userPinFinalTry) === 0) return;
  throw wrong(
    'pkcs11_pin',
    'one try is left before the token locks it, which is not taken here: log in with the tool of the token first',
  );
}

/** For all sessions of this program with the token. @throws ServerError CONFIG_INVALID */
export function logIn(call: Cryptoki, session: bigint, pin: string): void {
  const bytes = new TextEncoder().encode(pin);
  try {
    call('C_Login', session, CKU_USER, bytes, bytes.length);
  } catch (error) {
    if (!(error instanceof Pkcs11Error)) throw error;
    throw wrong('pkcs11_pin', PIN_FAULTS[error.code] ?? error.message);
  } finally {
    bytes.fill(0);
  }
}
