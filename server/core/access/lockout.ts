/**
 * Shuts out sources that keep failing to prove who they are, for longer each time. The table is bounded: under
 * a flood from everywhere the source that has been quiet longest is forgotten first.
 */

export interface LockoutRules {
  /** Failures before the first lock, and before each further one. */
  readonly failures: number;
  /** Failures further apart than this do not add up; a source quiet for this long after its lock starts anew. */
  readonly memoryMs: number;
  readonly firstLockMs: number;
  readonly longestLockMs: number;
  readonly maxSources: number;
}

/** For wrong API keys, which an honest client sends by the dozen when its key has expired. */
export const KEY_LOCKOUT: LockoutRules = {
  failures: 20,
  memoryMs: 15 * 60_000,
  firstLockMs: 30_000,
  longestLockMs: 15 * 60_000,
  maxSources: 10_000,
};

interface Record {
  failures: number;
  locks: number;
  lastMs: number;
  lockedUntilMs: number;
}

export class Lockout {
  readonly #rules: LockoutRules;
  readonly #records = new Map<string, Record>();

  constructor(rules: LockoutRules) {
    this.#rules = rules;
  }

  get size(): number {
    return this.#records.size;
  }

  /** Milliseconds until a source may try again; 0 when it may now. */
  remainingMs(source: string, nowMs: number): number {
    return Math.max(0, (this.#records.get(source)?.lockedUntilMs ?? 0) - nowMs);
  }

  /**
   * Notes a failure.
   * @param nowMs of a clock that never goes back
   * @returns milliseconds of the lock that it leads to, 0 for none
   */
  failed(source: string, nowMs: number): number {
    const { failures, memoryMs, firstLockMs, longestLockMs, maxSources } = this.#rules;
    let record = this.#records.get(source);
    this.#records.delete(source);
    if (record === undefined || nowMs - Math.max(record.lastMs, record.lockedUntilMs) > memoryMs) {
      record = { failures: 0, locks: 0, lastMs: nowMs, lockedUntilMs: 0 };
    }
    record.failures++;
    record.lastMs = nowMs;
    this.#records.set(source, record);
    if (this.#records.size > maxSources) {
      for (const quietest of this.#records.keys()) {
        this.#records.delete(quietest);
        break;
      }
    }
    if (record.failures < failures) return 0;
    const lockMs = Math.min(longestLockMs, firstLockMs * 2 ** record.locks);
    record.failures = 0;
    record.locks++;
    record.lockedUntilMs = nowMs + lockMs;
    return lockMs;
  }

  /** Forgets a source that has proved who it is. */
  succeeded(source: string): void {
    this.#records.delete(source);
  }
}
