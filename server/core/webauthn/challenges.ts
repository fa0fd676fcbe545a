/**
 * Challenges (WebAuthn Level 3, 13.4.3): each good for one purpose, two minutes and one answer. A challenge carries
 * its end and our seal, so that strangers who ask for many fill no table; only those that were answered are
 * remembered. Nodes with one key and one memory take each other's.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { NonceCache } from '../replay/nonce-cache.ts';
import type { ReplayGuard } from '../replay/replay-guard.ts';

export const CHALLENGE_MS = 2 * 60_000;
export const KEY_BYTES = 32;
const RANDOM_BYTES = 24;
const END_BYTES = 8;
const BODY_BYTES = RANDOM_BYTES + END_BYTES;
const SEAL_BYTES = 32;
/** As long as the nonces of captures, which may be remembered in the same place. */
const NONCE_BYTES = 16;

export class Challenges {
  readonly #key: Uint8Array;
  readonly #spent: Pick<ReplayGuard, 'take'>;

  /**
   * @param key of the seals, secret; by default one of this process
   * @param spent remembers what was answered, for as long as a challenge is good at least
   */
  constructor(
    key: Uint8Array = randomBytes(KEY_BYTES),
    spent: Pick<ReplayGuard, 'take'> = new NonceCache(CHALLENGE_MS),
  ) {
    this.#key = key;
    this.#spent = spent;
  }

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

  /** Whether a challenge is ours, for this purpose, and not too old; it may have been answered. */
  holds(purpose: string, challenge: string, nowMs: number): boolean {
    const bytes = Buffer.from(challenge, 'base64url');
    // the decoder is lenient, and another writing would be another challenge
    if (bytes.length !== BODY_BYTES + SEAL_BYTES || bytes.toString('base64url') !== challenge) {
      return false;
    }
    const body = bytes.subarray(0, BODY_BYTES);
    if (!timingSafeEqual(this.#seal(purpose, body), bytes.subarray(BODY_BYTES))) return false;
    return nowMs < Number(body.readBigUInt64BE(RANDOM_BYTES));
  }

  /**
   * Takes a challenge, which can be taken once.
   * @throws ServerError BUSY, STORAGE_FAILED: it was not taken
   */
  async spend(purpose: string, challenge: string, nowMs: number): Promise<boolean> {
    if (!this.holds(purpose, challenge, nowMs)) return false;
    const nonce = createHash('sha256').update(challenge).digest().subarray(0, NONCE_BYTES);
    return await this.#spent.take(nonce, nowMs);
  }

  #seal(purpose: string, body: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#key).update(`${purpose}\0`).update(body).digest();
  }
}
