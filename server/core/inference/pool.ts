/**
 * A fixed number of workers behind a bounded first-in-first-out queue. A full queue refuses at once; a
 * worker that dies fails its own job and is replaced after a pause; one that hangs past its job's end
 * is left alone (terminating a native run aborts the process) and replaced a limited number of times.
 */
import { ServerError } from '../errors.ts';
import type { WireError } from './messages.ts';
import { Slot } from './slot.ts';

export interface PoolOptions<Init> {
  readonly spawn: () => Worker;
  /** Sent to each worker before its first job. */
  readonly init: Init;
  readonly workers: number;
  readonly queueLimit: number;
  /** How long a worker may keep running after its job was given up before it is written off. */
  readonly hangGraceMs: number;
  /** Workers that may be written off at one time; beyond that the pool stays short of workers. */
  readonly maxWrittenOff: number;
  /** Pause before a replacement starts: doubled from `first` to `max` while workers keep dying. */
  readonly backoffMs: { readonly first: number; readonly max: number };
  readonly onEvent: (event: PoolEvent) => void;
  /** Turns a worker's error into the one callers see. */
  readonly reviveError: (error: WireError) => Error;
}

export type PoolEvent =
  | {
    readonly type: 'worker-ended';
    readonly exitCode: number;
    readonly reason: string | undefined;
    readonly restartInMs: number;
  }
  | { readonly type: 'worker-refused'; readonly error: WireError; readonly restartInMs: number }
  | { readonly type: 'worker-written-off'; readonly replaced: boolean };

export interface PoolAnswer<Result> {
  readonly result: Result;
  /** Milliseconds between submission and the start of the work. */
  readonly queueMs: number;
}

export interface PoolStatus {
  /** Workers that take jobs, busy ones included, hanging ones not. */
  readonly live: number;
  /** Of those, the ones inside a job. */
  readonly busy: number;
  readonly queued: number;
  readonly writtenOff: number;
  /** Workers started since in the place of others. */
  readonly restarts: number;
}

interface Entry<Job, Result> {
  readonly id: number;
  readonly job: Job;
  readonly transfer: ArrayBuffer[];
  readonly submittedMs: number;
  startedMs: number;
  resolve(answer: PoolAnswer<Result>): void;
  reject(error: unknown): void;
}

export class WorkerPool<Init, Job, Result> {
  readonly #options: PoolOptions<Init>;
  readonly #slots = new Set<Slot<Init, Job, Result>>();
  readonly #writtenOff = new Set<Slot<Init, Job, Result>>();
  /** Hanging as well, but beyond the cap: still members, not counted as live. */
  readonly #stuck = new Set<Slot<Init, Job, Result>>();
  readonly #queue = new Map<number, Entry<Job, Result>>();
  readonly #running = new Map<number, Entry<Job, Result>>();
  readonly #restarts = new Set<ReturnType<typeof setTimeout>>();
  #started = false;
  #closed = false;
  #lastId = 0;
  #restarted = 0;
  #deathsInRow = 0;
  #startUp = Promise.withResolvers<void>();

  constructor(options: PoolOptions<Init>) {
    this.#options = options;
    this.#startUp.promise.catch(() => {});
  }

  /** Starts all workers; resolves when each is ready, rejects with the first reason one cannot start. */
  start(): Promise<void> {
    for (let i = 0; i < this.#options.workers; i++) this.#spawn();
    return this.#startUp.promise;
  }

  get status(): PoolStatus {
    const live = [...this.#slots]
      .filter((slot) => slot.state !== 'starting' && !this.#stuck.has(slot));
    return {
      live: live.length,
      busy: live.filter((slot) => slot.state === 'busy').length,
      queued: this.#queue.size,
      writtenOff: this.#writtenOff.size,
      restarts: this.#restarted,
    };
  }

  /**
   * Runs one job. Buffers in `transfer` move to the worker when the job starts.
   * @param signal gives the job up; its reason is what the promise rejects with.
   * @throws ServerError BUSY at once when the queue is full or the pool is not open; WORKER_CRASHED
   *   when the worker died with the job; otherwise what the job threw, revived.
   */
  submit(
    job: Job,
    signal: AbortSignal,
    transfer: ArrayBuffer[] = [],
  ): Promise<PoolAnswer<Result>> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (!this.#started || this.#closed) return Promise.reject(busy('not taking work'));
    const idle = this.#idleSlot();
    if (idle === undefined && this.#queue.size >= this.#options.queueLimit) {
      return Promise.reject(busy('queue is full'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<PoolAnswer<Result>>();
    const id = ++this.#lastId;
    const giveUp = (): void => this.#giveUp(id, signal.reason);
    const settle = <T>(finish: (value: T) => void) => (value: T): void => {
      signal.removeEventListener('abort', giveUp);
      finish(value);
    };
    this.#queue.set(id, {
      id,
      job,
      transfer,
      submittedMs: performance.now(),
      startedMs: 0,
      resolve: settle(resolve),
      reject: settle(reject),
    });
    signal.addEventListener('abort', giveUp, { once: true });
    this.#dispatch();
    return promise;
  }

  /** Fails what is queued or running, ends idle workers and detaches the rest from the process. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    for (const entry of [...this.#queue.values(), ...this.#running.values()]) {
      entry.reject(busy('shutting down'));
    }
    this.#queue.clear();
    this.#running.clear();
    for (const slot of [...this.#slots, ...this.#writtenOff]) {
      if (slot.state === 'idle') slot.terminate();
      else slot.unref();
    }
  }

  #idleSlot(): Slot<Init, Job, Result> | undefined {
    for (const slot of this.#slots) if (slot.state === 'idle') return slot;
    return undefined;
  }

  #dispatch(): void {
    for (const [id, entry] of this.#queue) {
      const slot = this.#idleSlot();
      if (slot === undefined) return;
      this.#queue.delete(id);
      this.#running.set(id, entry);
      entry.startedMs = performance.now();
      try {
        slot.run(id, entry.job, entry.transfer);
      } catch (error) {
        this.#running.delete(id);
        entry.reject(error);
      }
    }
  }

  #spawn(): void {
    if (this.#closed) return;
    if (this.#started) this.#restarted++;
    const slot: Slot<Init, Job, Result> = new Slot(this.#options.spawn(), this.#options.init, {
      ready: () => {
        if (this.#closed) return slot.terminate();
        if (!this.#started && [...this.#slots].every((other) => other.state !== 'starting')) {
          this.#started = true;
          this.#startUp.resolve();
        }
        this.#dispatch();
      },
      refused: (error) => {
        this.#slots.delete(slot);
        if (!this.#started) return this.#startUp.reject(this.#options.reviveError(error));
        const restartInMs = this.#respawnLater();
        this.#options.onEvent({ type: 'worker-refused', error, restartInMs });
      },
      answered: (id, outcome) => this.#answered(slot, id, outcome),
      ended: (exitCode, reason) => this.#ended(slot, exitCode, reason),
    });
    this.#slots.add(slot);
  }

  #answered(
    slot: Slot<Init, Job, Result>,
    id: number,
    outcome: { result: Result } | { error: WireError },
  ): void {
    this.#deathsInRow = 0;
    this.#stuck.delete(slot);
    const entry = this.#running.get(id);
    this.#running.delete(id);
    if (entry !== undefined) {
      if ('error' in outcome) entry.reject(this.#options.reviveError(outcome.error));
      else {
        const queueMs = entry.startedMs - entry.submittedMs;
        entry.resolve({ result: outcome.result, queueMs });
      }
    }
    if (this.#closed || this.#writtenOff.delete(slot)) return slot.terminate();
    this.#dispatch();
  }

  #ended(slot: Slot<Init, Job, Result>, exitCode: number, reason: string | undefined): void {
    const jobId = slot.jobId;
    if (jobId !== undefined) {
      this.#running.get(jobId)?.reject(
        new ServerError('WORKER_CRASHED', 'worker ended in its job'),
      );
      this.#running.delete(jobId);
    }
    if (this.#writtenOff.delete(slot) || this.#closed) return;
    this.#slots.delete(slot);
    this.#stuck.delete(slot);
    if (!this.#started) {
      const why = reason ?? `exit code ${exitCode}`;
      return this.#startUp.reject(
        new ServerError('WORKER_FAILED', `worker ended while starting: ${why}`),
      );
    }
    const restartInMs = this.#respawnLater();
    this.#options.onEvent({ type: 'worker-ended', exitCode, reason, restartInMs });
  }

  #respawnLater(): number {
    const { first, max } = this.#options.backoffMs;
    const pauseMs = Math.min(first * 2 ** this.#deathsInRow++, max);
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#spawn();
    }, pauseMs);
    this.#restarts.add(timer);
    return pauseMs;
  }

  #giveUp(id: number, reason: unknown): void {
    const queued = this.#queue.get(id);
    if (queued !== undefined) {
      this.#queue.delete(id);
      return queued.reject(reason);
    }
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    running.reject(reason);
    const timer = setTimeout(() => this.#writeOff(id), this.#options.hangGraceMs);
    timer.unref();
  }

  /** Called when the grace after a given-up job is over: a worker still in that job is written off. */
  #writeOff(id: number): void {
    const slot = [...this.#slots].find((candidate) => candidate.jobId === id);
    if (slot === undefined || this.#closed) return;
    const replaced = this.#writtenOff.size < this.#options.maxWrittenOff;
    if (replaced) {
      this.#slots.delete(slot);
      this.#writtenOff.add(slot);
      this.#spawn();
    } else {
      this.#stuck.add(slot);
    }
    this.#options.onEvent({ type: 'worker-written-off', replaced });
  }
}

function busy(reason: string): ServerError {
  return new ServerError('BUSY', reason);
}
