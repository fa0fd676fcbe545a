/** Clients that keep a server busy, whatever becomes of it: what each got is written down. */
import { benchmarkSelfies } from '../selfies.ts';
import type { Installation } from './installation.ts';
import { type Answer, BILLED_KINDS, type Client, type RequestKind } from './requests.ts';

/** Beyond `limits.deadline_ms`: no answer takes this long. */
const TIMEOUT_MS = 35_000;
/** Before a client that got no connection tries again. */
const PAUSE_MS = 50;

export interface TrafficOptions {
  readonly installation: Installation;
  /** Where the server is now; it may have another port after a restart. */
  readonly url: () => string;
  readonly clients: number;
  /** Requests in a second, all clients together; default as fast as answers come. */
  readonly perSecond?: number;
  /** In turn; default those that are billed. */
  readonly kinds?: readonly RequestKind[];
}

/** One request and what became of it. */
export interface Outcome {
  readonly kind: string;
  /** As in `Answer`, or `no answer`. */
  readonly said: string;
  readonly refid?: string;
  /** On the clock of `performance.now()`. */
  readonly sentMs: number;
  readonly endedMs: number;
}

export class Traffic {
  readonly outcomes: Outcome[] = [];
  readonly #options: TrafficOptions;
  readonly #stopped = new AbortController();
  #clients: Promise<unknown> = Promise.resolve();
  #next = 0;
  #startedMs = 0;

  private constructor(options: TrafficOptions) {
    this.#options = options;
  }

  /** Begins to send. */
  static async start(options: TrafficOptions): Promise<Traffic> {
    const { url, installation, clients } = options;
    const selfies = await benchmarkSelfies();
    const answer = await fetch(new URL('/api/v1/pub_key', url()), {
      method: 'POST',
      headers: installation.headers,
      tls: { rejectUnauthorized: false },
    });
    const base = { installation, selfies, sealKey: await answer.json() };
    const traffic = new Traffic(options);
    traffic.#startedMs = performance.now();
    traffic.#clients = Promise.all(
      Array.from({ length: clients }, () => traffic.#client(base)),
    );
    return traffic;
  }

  /** Ends when requests under way have ended. */
  async stop(): Promise<readonly Outcome[]> {
    this.#stopped.abort();
    await this.#clients;
    return this.outcomes;
  }

  async #client(base: Omit<Client, 'url' | 'signal'>): Promise<void> {
    const { url, kinds = BILLED_KINDS } = this.#options;
    while (!this.#stopped.signal.aborted) {
      const n = this.#next++;
      await this.#turn(n);
      if (this.#stopped.signal.aborted) return;
      const kind = kinds[n % kinds.length];
      const sentMs = performance.now();
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const answer: Answer = await Promise.race([
        kind.send({ ...base, url: url(), signal }),
        aborted(signal),
      ]).catch(() => ({ said: 'no answer' }));
      const outcome = { kind: kind.name, ...answer, sentMs, endedMs: performance.now() };
      this.outcomes.push(outcome);
      if (answer.said === 'no answer') await Bun.sleep(PAUSE_MS);
    }
  }

  async #turn(n: number): Promise<void> {
    const { perSecond } = this.#options;
    if (perSecond === undefined) return;
    const waitMs = this.#startedMs + n * 1000 / perSecond - performance.now();
    if (waitMs <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#stopped.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      }, { once: true });
    });
  }
}

/** Rejects when it is: not every client gives a socket up by itself. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  );
}

/** How often each answer came: `12 x 200 FEEDBACK_MATCHED`, the most frequent first. */
export function tally(outcomes: readonly Pick<Outcome, 'said'>[]): string[] {
  const counts = new Map<string, number>();
  for (const { said } of outcomes) counts.set(said, (counts.get(said) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([said, times]) => `${times} x ${said}`);
}
