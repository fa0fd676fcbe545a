/**
 * One worker and what it is doing. A worker inside a native run must never be terminated (that aborts
 * the process), so a slot can be left to finish: its late answer goes nowhere and frees it.
 */
import type { FromWorker, ToWorker, WireError } from './messages.ts';

export type SlotState = 'starting' | 'idle' | 'busy' | 'ended';

export interface SlotEvents<Result> {
  ready(): void;
  refused(error: WireError): void;
  /** The job's answer; the slot is idle again. */
  answered(id: number, outcome: { result: Result } | { error: WireError }): void;
  /** The worker is gone, by its own doing; `reason` is the error that ended it, if one did. */
  ended(exitCode: number, reason: string | undefined): void;
}

export class Slot<Init, Job, Result> {
  readonly #worker: Worker;
  #state: SlotState = 'starting';
  #jobId: number | undefined;

  constructor(worker: Worker, init: Init, events: SlotEvents<Result>) {
    this.#worker = worker;
    worker.addEventListener('message', (event: MessageEvent<FromWorker<Result>>) => {
      if (this.#state === 'ended') return;
      const message = event.data;
      if (message.type === 'ready') {
        this.#state = 'idle';
        events.ready();
      } else if (message.type === 'refused') {
        this.terminate();
        events.refused(message.error);
      } else if (message.id === this.#jobId) {
        this.#jobId = undefined;
        this.#state = 'idle';
        events.answered(
          message.id,
          message.type === 'done' ? { result: message.result } : { error: message.error },
        );
      }
    });
    // An error inside a worker is always followed by its close.
    let reason: string | undefined;
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reason = /^\w*(?:error|message): .*$/im.exec(event.message)?.[0] ?? 'error';
    });
    worker.addEventListener('close', (event) => {
      if (this.#state === 'ended') return;
      this.#state = 'ended';
      events.ended((event as CloseEvent).code ?? 0, reason);
    });
    this.#send({ type: 'init', init }, []);
  }

  get state(): SlotState {
    return this.#state;
  }

  /** Id of the job inside, if any. */
  get jobId(): number | undefined {
    return this.#jobId;
  }

  /**
   * Hands over a job; only an idle slot takes one. `transfer` moves those buffers to the worker.
   * @throws DataCloneError when the job cannot cross; the slot stays idle.
   */
  run(id: number, job: Job, transfer: ArrayBuffer[]): void {
    this.#send({ type: 'job', id, job }, transfer);
    this.#state = 'busy';
    this.#jobId = id;
  }

  /** Ends the worker. Never call on a busy slot. */
  terminate(): void {
    this.#state = 'ended';
    this.#worker.terminate();
  }

  /** Lets the process exit although this worker may still be running. */
  unref(): void {
    (this.#worker as Worker & { unref(): void }).unref();
  }

  #send(message: ToWorker<Init, Job>, transfer: ArrayBuffer[]): void {
    this.#worker.postMessage(message, transfer);
  }
}
