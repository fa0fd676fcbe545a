/** The line to the chip: one APDU at a time, counted, timed and cancellable. Once it fails it stays failed. */
import { EmrtdError } from '../errors.ts';
import type { Transceiver } from '../types.ts';
import type { SessionLimits } from './limits.ts';

/** What passed over a line so far. */
export interface LineStatistics {
  apdus: number;
  bytesSent: number;
  bytesReceived: number;
}

export class Line {
  readonly statistics: LineStatistics = { apdus: 0, bytesSent: 0, bytesReceived: 0 };
  readonly #transceiver: Transceiver;
  readonly #limits: SessionLimits;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #onCallerAbort = (): void => this.fail(new EmrtdError('CANCELLED', 'cancelled'));
  #failure: EmrtdError | undefined;
  #reject: ((error: EmrtdError) => void) | undefined;

  constructor(transceiver: Transceiver, limits: SessionLimits, signal?: AbortSignal) {
    this.#transceiver = transceiver;
    this.#limits = limits;
    this.#signal = signal;
    if (signal?.aborted) this.#onCallerAbort();
    else signal?.addEventListener('abort', this.#onCallerAbort, { once: true });
  }

  /** The error that ended the line, if it has ended. */
  get failure(): EmrtdError | undefined {
    return this.#failure;
  }

  /** Ends the line: the exchange under way and all later ones fail with `error`. The first call decides. */
  fail(error: EmrtdError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#signal?.removeEventListener('abort', this.#onCallerAbort);
    this.#abort.abort(error);
    this.#reject?.(error);
  }

  /**
   * Sends one command and gives the raw answer. Throws LIMIT_EXCEEDED, TIMEOUT, CANCELLED or
   * TRANSCEIVE_FAILED; after any of these the line is over, as a late answer could be taken for another.
   */
  async exchange(command: Uint8Array): Promise<Uint8Array> {
    if (this.#failure !== undefined) throw this.#failure;
    const { maxApdus, apduTimeoutMs } = this.#limits;
    if (this.statistics.apdus >= maxApdus) {
      this.fail(new EmrtdError('LIMIT_EXCEEDED', `session: more than ${maxApdus} APDUs`));
    }
    if (this.#failure !== undefined) throw this.#failure;
    this.statistics.apdus++;
    this.statistics.bytesSent += command.length;
    const timer = setTimeout(
      () => this.fail(new EmrtdError('TIMEOUT', `chip: no answer within ${apduTimeoutMs} ms`)),
      apduTimeoutMs,
    );
    try {
      const answer = await this.#race(command);
      this.statistics.bytesReceived += answer.length;
      return answer;
    } finally {
      clearTimeout(timer);
      this.#reject = undefined;
    }
  }

  /** The transceiver's answer, or the failure of the line, whichever is first. */
  #race(command: Uint8Array): Promise<Uint8Array> {
    return new Promise<Uint8Array>((resolve, reject) => {
      this.#reject = reject;
      this.#transceiver.transceive(command, this.#abort.signal).then(resolve, (cause) => {
        this.fail(new EmrtdError('TRANSCEIVE_FAILED', 'line to the chip broke', { cause }));
      });
    });
  }
}
