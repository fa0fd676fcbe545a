/** Clients that keep asking through whatever happens, and what they were told. */

export interface Told {
  /** Of answers with status 200. */
  readonly refid: string | undefined;
  readonly status: number | undefined;
  /** When it was told, or when the connection was lost, milliseconds of `performance.now()`. */
  readonly atMs: number;
}

/** How one client asks once; undefined when there was no answer. */
type Ask = () => Promise<{ refid?: string; status: number } | undefined>;

export class ManyRequests {
  readonly told: Told[] = [];
  readonly #lanes: Promise<void>[];
  #going = true;

  /** @param asks one for each client */
  constructor(asks: readonly Ask[]) {
    this.#lanes = asks.map((ask) => this.#lane(ask));
  }

  async #lane(ask: Ask): Promise<void> {
    while (this.#going) {
      const answer = await ask().catch(() => undefined);
      const atMs = performance.now();
      const refid = answer?.status === 200 ? answer.refid : undefined;
      this.told.push({ refid, status: answer?.status, atMs });
      // as a client does that was not served
      if (answer?.status !== 200) await Bun.sleep(20);
    }
  }

  /** Resolves when so many more have been answered with 200. */
  async answered(more: number): Promise<void> {
    const until = this.refids.length + more;
    while (this.refids.length < until) await Bun.sleep(5);
  }

  get refids(): string[] {
    return this.told.flatMap(({ refid }) => refid ?? []);
  }

  /** From a moment to the last request that was not served in the time up to the next moment; 0 for none. */
  unservedMs(fromMs: number, toMs = Infinity): number {
    const failed = this.told.filter(({ status, atMs }) =>
      status !== 200 && atMs >= fromMs && atMs < toMs
    );
    return Math.max(0, ...failed.map(({ atMs }) => atMs - fromMs));
  }

  async end(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#lanes);
  }
}
