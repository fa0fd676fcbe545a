/** Nonces of what is still young enough to be sent again, in memory, for what ends with the process. */
import { ServerError } from '../errors.ts';
import type { ReplayGuard } from './replay-guard.ts';

/** Envelopes of four minutes at 1,000 a second; some 40 MB. */
const DEFAULT_CAPACITY = 240_000;

export class NonceCache implements ReplayGuard {
  /** Nonce -> when it is forgotten, milliseconds since 1970; earliest first, as all are kept equally long. */
  readonly #seen = new Map<string, number>();
  readonly #keepMs: number;
  readonly #capacity: number;

  /** @param keepMs how long after its first use a nonce could still be taken for a new one */
  constructor(keepMs: number, capacity = DEFAULT_CAPACITY) {
    this.#keepMs = keepMs;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#seen.size;
  }

  /**
   * Remembers a nonce.
   * @returns false when it was seen before
   * @throws ServerError BUSY when the cache is full: forgetting one would let its envelope in again
   */
  take(nonce: Uint8Array, nowMs: number): boolean {
    for (const [key, untilMs] of this.#seen) {
      if (untilMs > nowMs) break;
      this.#seen.delete(key);
    }
    const key = nonce.toHex();
    if (this.#seen.has(key)) return false;
    if (this.#seen.size >= this.#capacity) {
      throw new ServerError('BUSY', 'no further nonce can be remembered');
    }
    this.#seen.set(key, nowMs + this.#keepMs);
    return true;
  }
}
