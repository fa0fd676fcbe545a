/** Lets the audit trail forget what is older than `audit.keep_days`, about once a day. */
import { DAY_MS } from '../day.ts';
import { CLOCK_TOLERANCE_MS } from '../licence/standing.ts';
import type { Logger } from '../logging.ts';
import { pruneAudit, type PruneDeps } from './prune.ts';

const HOUR_MS = 3_600_000;

export interface RetentionOptions extends PruneDeps {
  readonly log: Logger;
  /** Undefined: for ever. */
  readonly keepDays: () => number | undefined;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonicMs?: () => number;
}

export class Retention {
  readonly #options: RetentionOptions;
  readonly #monotonicMs: () => number;
  /** What the clock showed when the other one was at zero. */
  readonly #originMs: number;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#monotonicMs = options.monotonicMs ?? (() => performance.now());
    this.#originMs = options.nowMs() - this.#monotonicMs();
    this.#timer = setInterval(() => void this.run(), HOUR_MS);
    this.#timer.unref();
  }

  /**
   * Deletes what is too old, where the oldest record has been so for a day. Not when the clock was set since
   * the start: a time that is wrong by years would delete everything.
   */
  async run(): Promise<void> {
    const { keepDays, log, nowMs, store } = this.#options;
    const days = keepDays();
    if (days === undefined) return;
    const setByMs = nowMs() - this.#monotonicMs() - this.#originMs;
    if (Math.abs(setByMs) > CLOCK_TOLERANCE_MS) {
      log.warn('audit-not-pruned', { cause: 'the clock was set since the start' });
      return;
    }
    const beforeMs = nowMs() - days * DAY_MS;
    try {
      for await (const oldest of store.read('audit')) {
        if (oldest.timeMs >= beforeMs - DAY_MS) return;
        break;
      }
      const records = await pruneAudit(this.#options, beforeMs);
      if (records > 0) log.info('audit-pruned', { records });
    } catch (error) {
      log.warn('audit-not-pruned', { cause: (error as Error).message });
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
