/**
 * Lets requests in while the server is open and counts those inside, so that a shutdown can wait for
 * them. Closing is final.
 */
import { ServerError } from '../errors.ts';

export class Gate {
  readonly #left: () => void;
  #open = true;
  #inside = 0;
  #empty: (() => void)[] = [];

  /** @param left told whenever somebody has left */
  constructor(left: () => void = () => {}) {
    this.#left = left;
  }

  get open(): boolean {
    return this.#open;
  }

  get inside(): number {
    return this.#inside;
  }

  /** Counts a request in; call the returned function once when it is answered. @throws ServerError BUSY after `close`. */
  enter(): () => void {
    if (!this.#open) throw new ServerError('BUSY', 'server is shutting down');
    this.#inside++;
    return () => {
      this.#inside--;
      this.#left();
      if (this.#inside === 0) { for (const resolve of this.#empty.splice(0)) resolve(); }
    };
  }

  /** Refuses new requests and resolves true when the last one inside has left, false after `timeoutMs`. */
  async close(timeoutMs: number): Promise<boolean> {
    this.#open = false;
    if (this.#inside === 0) return true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const empty = new Promise<boolean>((resolve) => this.#empty.push(() => resolve(true)));
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), timeoutMs);
    });
    const drained = await Promise.race([empty, late]);
    clearTimeout(timer);
    return drained;
  }
}
