/**
 * Challenges (WebAuthn Level 3, 13.4.3): each good for one purpose, two minutes and one answer. A challenge carries
 * its end and our seal, so that strangers who ask for many fill no table; only those that were answered are
 * remembered.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export const CHALLENGE_MS = 2 * 60_000;
const KEY_BYTES = 32;
const RANDOM_BYTES = 24;
const END_BYTES = 8;
const BODY_BYTES = RANDOM_BYTES + END_BYTES;
const SEAL_BYTES = 32;

export class Challenges {
  readonly #key = randomBytes(KEY_BYTES);
  /** Answered challenges with their ends, the oldest answer first. */
  readonly #spent = new Map<string, number>();

  /**
   * A new challenge, base64url.
   * @param purpose what it may be used for, and by whom
   * @param nowMs milliseconds since 1970
   */
  issue(purpose: string, nowMs: number): string {
    const body = Buffer.concat([randomBytes(RANDOM_BYTES), Buffer.alloc(END_BYTES)]);
    body.writeBigUInt64BE(BigInt(nowMs + CHALLENGE_MS), RANDOM_BYTES);
    return Buffer.concat([body, this.#seal(purpose, body)]).toString('base64url');
  }

  /** Whether a challenge is ours, for this purpose, and can be answered yet. */
  holds(purpose: string, challenge: string, nowMs: number): boolean {
    const bytes = Buffer.from(challenge, 'base64url');
    // the decoder is lenient, and another writing would be another challenge
    if (bytes.length !== BODY_BYTES + SEAL_BYTES || bytes.toString('base64url') !== challenge) {
      return false;
    }
    const body = bytes.subarray(0, BODY_BYTES);
    if (!timingSafeEqual(this.#seal(purpose, body), bytes.subarray(BODY_BYTES))) return false;
    return nowMs < Number(body.readBigUInt64BE(RANDOM_BYTES)) && !this.#spent.has(challenge);
  }

  /** Takes a challenge, which holds no more then; false when it does not now. */
  spend(purpose: string, challenge: string, nowMs: number): boolean {
    if (!this.holds(purpose, challenge, nowMs)) return false;
    for (const [old, endMs] of this.#spent) if (endMs <= nowMs) this.#spent.delete(old);
    this.#spent.set(challenge, nowMs + CHALLENGE_MS);
    return true;
  }

  #seal(purpose: string, body: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#key).update(`${purpose}\0`).update(body).digest();
  }
}
