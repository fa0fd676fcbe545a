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
  readonly #onTimeout = (): void => {
    const { apduTimeoutMs } = this.#limits;
    this.fail(new EmrtdError('TIMEOUT', `chip: no answer within ${apduTimeoutMs} ms`));
  };
  /** An answer that comes after the line has failed is dropped. */
  readonly #onAnswer = (answer: Uint8Array): void => {
    if (this.#failure !== undefined) return;
    const resolve = this.#resolve;
    this.#settle();
    this.statistics.bytesReceived += answer.length;
    resolve?.(answer);
  };
  readonly #onBroken = (cause: unknown): void => {
    this.fail(new EmrtdError('TRANSCEIVE_FAILED', 'line to the chip broke', { cause }));
  };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failure: EmrtdError | undefined;
  #resolve: ((answer: Uint8Array) => void) | undefined;
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
    const reject = this.#reject;
    this.#settle();
    reject?.(error);
  }

  /**
   * Sends one command and gives the raw answer. Throws LIMIT_EXCEEDED, TIMEOUT, CANCELLED or
   * TRANSCEIVE_FAILED; after any of these the line is over, as a late answer could be taken for another.
   */
  exchange(command: Uint8Array): Promise<Uint8Array> {
    const { maxApdus, apduTimeoutMs } = this.#limits;
    const { statistics } = this;
    if (statistics.apdus >= maxApdus) {
      this.fail(new EmrtdError('LIMIT_EXCEEDED', `session: more than ${maxApdus} APDUs`));
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    statistics.apdus++;
    statistics.bytesSent += command.length;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#timer = setTimeout(this.#onTimeout, apduTimeoutMs);
      this.#transceive(command).then(this.#onAnswer, this.#onBroken);
    });
  }

  /** A transceiver that throws instead of rejecting is no different. */
  #transceive(command: Uint8Array): Promise<Uint8Array> {
    try {
      return this.#transceiver.transceive(command, this.#abort.signal);
    } catch (cause) {
      return Promise.reject(cause);
    }
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#resolve = undefined;
    this.#reject = undefined;
  }
}
