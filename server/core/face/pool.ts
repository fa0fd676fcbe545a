/** The worker pool of the face pipeline: where its workers start, and how their errors come back. */
import { FaceError, type FaceErrorCode } from '../../../biometrics/errors.ts';
import type { FaceAnalysis } from '../../../biometrics/types.ts';
import { PackError, type PackErrorCode } from '../../../models/errors.ts';
import { ServerError } from '../errors.ts';
import type { WireError } from '../inference/messages.ts';
import { type PoolEvent, WorkerPool } from '../inference/pool.ts';
import { workerUrl } from '../inference/worker-url.ts';

export interface FaceWorkerInit {
  readonly packPath: string;
  /** SHA-256 of the manifest the caller has checked; a worker that finds another one refuses to start. */
  readonly packId: string;
  /** The model the caller expects; a worker that finds another one refuses to start. */
  readonly modelId: string;
}

export interface FaceJob {
  readonly image: Uint8Array;
  /** Take the native quality measures as well. */
  readonly measure?: boolean;
}

export interface FacePoolOptions extends FaceWorkerInit {
  readonly workers: number;
  readonly queueLimit: number;
  readonly onEvent?: (event: PoolEvent) => void;
}

export type FacePool = WorkerPool<FaceWorkerInit, FaceJob, FaceAnalysis>;

/** After a job is given up, the longest any honest picture could still keep its worker. */
const HANG_GRACE_MS = 30_000;
const BACKOFF_MS = { first: 100, max: 10_000 } as const;

/** A pool that is not started yet. */
export function createFacePool(options: FacePoolOptions): FacePool {
  const { packPath, packId, modelId, workers, queueLimit, onEvent = () => {} } = options;
  return new WorkerPool({
    spawn: () => new Worker(workerUrl('server/core/face/worker.ts')),
    init: { packPath, packId, modelId },
    workers,
    queueLimit,
    hangGraceMs: HANG_GRACE_MS,
    maxWrittenOff: workers,
    backoffMs: BACKOFF_MS,
    onEvent,
    reviveError,
  });
}

/** Errors of the libraries get their class back; anything else is a failure of the worker. */
function reviveError({ name, code, message }: WireError): Error {
  if (name === 'FaceError') return new FaceError(code as FaceErrorCode, message);
  if (name === 'PackError') return new PackError(code as PackErrorCode, message);
  if (name === 'ServerError') return new ServerError('WORKER_FAILED', message);
  return new ServerError('WORKER_FAILED', name);
}
