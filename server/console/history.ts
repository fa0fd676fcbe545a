/** The readings of the last fifteen minutes, taken by a timer and forgotten after that. */
import type { Reading } from './reading.ts';

const STEP_MS = 5_000;
const WINDOW_MS = 15 * 60_000;

/** Seconds that the history reaches back. */
export const WINDOW_S = WINDOW_MS / 1000;

export class History {
  readonly #take: () => Promise<Reading>;
  readonly #timer: ReturnType<typeof setInterval>;
  #readings: readonly Reading[] = [];

  /** @param take a reading of now; must not reject */
  constructor(take: () => Promise<Reading>) {
    this.#take = take;
    void this.look();
    this.#timer = setInterval(() => void this.look(), STEP_MS);
    this.#timer.unref();
  }

  /** Oldest first; the last one is of now and is not kept. */
  async upToNow(): Promise<readonly Reading[]> {
    const now = await this.#take();
    return [...this.#readings, now];
  }

  /** Takes a reading and keeps it; the timer does so every five seconds. */
  async look(): Promise<void> {
    const reading = await this.#take();
    // one more than the window, since rates are differences
    const oldestMs = reading.atMs - WINDOW_MS;
    const firstInside = this.#readings.findIndex(({ atMs }) => atMs >= oldestMs);
    const kept = firstInside < 0 ? [] : this.#readings.slice(Math.max(0, firstInside - 1));
    this.#readings = [...kept, reading];
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
