/** How often a client may call: a rate such as `50/s`, kept by a token bucket for each client. */

export interface Rate {
  /** As it is written. */
  readonly text: string;
  /** Calls at once, and per `perMs`. */
  readonly calls: number;
  readonly perMs: number;
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000 };
const MAX_CALLS = 1_000_000;

/** Reads `NUMBER/s`, `NUMBER/min` or `NUMBER/h`; undefined for anything else. */
export function readRate(text: string): Rate | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,7})\/(s|min|h)$/.exec(text) ?? [];
  const calls = Number(digits);
  if (calls < 1 || calls > MAX_CALLS) return undefined;
  return { text, calls, perMs: UNITS_MS[unit] };
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Clients whose buckets are kept; the one that has been quiet longest is forgotten, which fills its bucket. */
const MAX_BUCKETS = 10_000;

export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #most: number;

  constructor(most: number = MAX_BUCKETS) {
    this.#most = most;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Takes one token of a client's bucket.
   * @param nowMs of a clock that never goes back
   * @returns 0, or the milliseconds after which there is a token
   */
  take(client: string, { calls, perMs }: Rate, nowMs: number): number {
    const { tokens, atMs } = this.#buckets.get(client) ?? { tokens: calls, atMs: nowMs };
    const now = Math.min(calls, tokens + (nowMs - atMs) * calls / perMs);
    const left = now >= 1 ? now - 1 : now;
    // put back at the end, so that the first entry is the quietest
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: left, atMs: nowMs });
    if (this.#buckets.size > this.#most) {
      for (const quietest of this.#buckets.keys()) {
        this.#buckets.delete(quietest);
        break;
      }
    }
    return now >= 1 ? 0 : Math.ceil((1 - now) * perMs / calls);
  }
}
