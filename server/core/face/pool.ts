/** The worker pool of the face pipeline: where its workers start, and how their errors come back. */
import { FaceError, type FaceErrorCode } from '../../../biometrics/errors.ts';
import type { AnalyseOptions } from '../../../biometrics/pipeline.ts';
import type { Runtime } from '../../../biometrics/runtime/backend.ts';
import type { FaceAnalysis, LivenessAnalysis } from '../../../biometrics/types.ts';
import { PackError, type PackErrorCode } from '../../../models/errors.ts';
import { ServerError } from '../errors.ts';
import type { WireError } from '../inference/messages.ts';
import { type PoolAnswer, type PoolEvent, type PoolStatus, WorkerPool } from '../inference/pool.ts';
import { workerUrl } from '../inference/worker-url.ts';

export interface FaceWorkerInit {
  readonly packPath: string;
  /** SHA-256 of the manifest the caller has checked; a worker that finds another one refuses to start. */
  readonly packId: string;
  /** The model the caller expects; a worker that finds another one refuses to start. */
  readonly modelId: string;
  /** What the networks run on; default the processor. */
  readonly runtime?: Runtime;
}

/** A picture to analyse, or only to judge for liveness. */
export type FaceJob =
  | ({ readonly kind: 'analyse'; readonly image: Uint8Array } & AnalyseOptions)
  | { readonly kind: 'judge'; readonly image: Uint8Array };

export type FaceResult = FaceAnalysis | LivenessAnalysis;

export interface FacePoolOptions extends FaceWorkerInit {
  readonly workers: number;
  readonly queueLimit: number;
  readonly onEvent?: (event: PoolEvent) => void;
}

/** The pool with its two kinds of work told apart by type. Buffers of pictures are moved to the worker. */
export class FacePool {
  readonly #pool: WorkerPool<FaceWorkerInit, FaceJob, FaceResult>;

  constructor(pool: WorkerPool<FaceWorkerInit, FaceJob, FaceResult>) {
    this.#pool = pool;
  }

  get status(): PoolStatus {
    return this.#pool.status;
  }

  /** Starts all workers; resolves when each is ready, rejects with the first reason one cannot start. */
  start(): Promise<void> {
    return this.#pool.start();
  }

  async analyse(
    image: Uint8Array<ArrayBuffer>,
    options: AnalyseOptions,
    signal: AbortSignal,
  ): Promise<PoolAnswer<FaceAnalysis>> {
    const job: FaceJob = { kind: 'analyse', image, ...options };
    return await this.#pool.submit(job, signal, [image.buffer]) as PoolAnswer<FaceAnalysis>;
  }

  async judge(
    image: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<PoolAnswer<LivenessAnalysis>> {
    const job: FaceJob = { kind: 'judge', image };
    return await this.#pool.submit(job, signal, [image.buffer]) as PoolAnswer<LivenessAnalysis>;
  }

  /** Ends the workers; work in flight is answered BUSY. */
  close(): void {
    this.#pool.close();
  }
}

/** After a job is given up, the longest any honest picture could still keep its worker. */
const HANG_GRACE_MS = 30_000;
const BACKOFF_MS = { first: 100, max: 10_000 } as const;

/** A pool that is not started yet. */
export function createFacePool(options: FacePoolOptions): FacePool {
  const { workers, queueLimit, onEvent = () => {}, ...init } = options;
  const pool = new WorkerPool<FaceWorkerInit, FaceJob, FaceResult>({
    spawn: () => new Worker(workerUrl('server/core/face/worker.ts')),
    init,
    workers,
    queueLimit,
    hangGraceMs: HANG_GRACE_MS,
    maxWrittenOff: workers,
    backoffMs: BACKOFF_MS,
    onEvent,
    reviveError,
  });
  return new FacePool(pool);
}

/** Errors of the libraries get their class back; anything else is a failure of the worker. */
function reviveError({ name, code, message }: WireError): Error {
  if (name === 'FaceError') return new FaceError(code as FaceErrorCode, message);
  if (name === 'PackError') return new PackError(code as PackErrorCode, message);
  if (name === 'ServerError') return new ServerError('WORKER_FAILED', message);
  return new ServerError('WORKER_FAILED', name);
}
