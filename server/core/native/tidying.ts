/** Memory is tidied soon after work: in a quiet moment, or after a while where there is none. */
const QUIET_MS = 1000;
const LONGEST_MS = 20_000;

export class Tidying {
  readonly #tidy: () => unknown;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When it has to be done; undefined while there is nothing to tidy. */
  #dueMs: number | undefined;

  constructor(tidy: () => unknown) {
    this.#tidy = tidy;
  }

  /** Some work has ended. */
  worked(): void {
    const nowMs = performance.now();
    this.#dueMs ??= nowMs + LONGEST_MS;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#dueMs = undefined;
      this.#tidy();
    }, Math.max(0, Math.min(QUIET_MS, this.#dueMs - nowMs)));
    this.#timer.unref();
  }
}
