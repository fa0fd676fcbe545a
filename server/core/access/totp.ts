/** Time-based one-time passwords (RFC 6238) as authenticator apps make them: HMAC-SHA-1, six digits, 30 seconds. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_MS = 30_000;
const DIGITS = 6;
/** Steps that the clocks of both sides may be apart; RFC 6238 5.2 advises one. */
const DRIFT_STEPS = 1;
/** As long as the hash, RFC 4226 4 R6. */
export const TOTP_SECRET_BYTES = 20;

/** RFC 4648 6. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The password of one step (RFC 4226 5.3).
 * @param step number of the step since 1970
 */
export function oneTimePassword(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const hash = createHmac('sha1', secret).update(new Uint8Array(counter.buffer)).digest();
  const offset = hash[hash.length - 1] & 0xf;
  const value = hash.readUInt32BE(offset) & 0x7fffffff;
  return String(value % 10 ** digits).padStart(digits, '0');
}

/** Number of the step that a moment lies in. */
export function stepOf(nowMs: number): number {
  return Math.floor(nowMs / STEP_MS);
}

/**
 * The step whose password a code is; undefined when it is that of none near `nowMs`. Looks at every step
 * whether or not one has matched.
 */
export function matchingStep(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  const given = /^\d{6}$/.test(code) ? code : '------';
  const now = stepOf(nowMs);
  let found: number | undefined;
  for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step++) {
    const expected = oneTimePassword(secret, Math.max(0, step));
    if (timingSafeEqual(Buffer.from(expected), Buffer.from(given))) found = step;
  }
  return found;
}

/** A secret as people type it into an app. */
export function base32(bytes: Uint8Array): string {
  let text = '', value = 0, bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE32[(value >>> (bits - 5)) & 31];
    value &= 0xff;
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text;
}

/** What apps read out of a QR code: the key URI format of Google Authenticator. */
export function keyUri(secret: Uint8Array, account: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`;
}
