/** The face service of the product: pipelines in a worker pool, comparison and rating on the main thread. */
import { FaceError, type FaceErrorCode } from '../../../biometrics/errors.ts';
import { type MatchCalibration, parseCalibration } from '../../../biometrics/match/calibration.ts';
import { type MatchKind, rateSimilarity } from '../../../biometrics/match/rating.ts';
import { similarity } from '../../../biometrics/match/similarity.ts';
import type { FaceAnalysis, FaceTemplate } from '../../../biometrics/types.ts';
import { PackError, type PackErrorCode } from '../../../models/errors.ts';
import { openPack } from '../../../models/open.ts';
import { ServerError } from '../errors.ts';
import type { WireError } from '../inference/messages.ts';
import { type PoolEvent, type PoolStatus, WorkerPool } from '../inference/pool.ts';
import type { Logger } from '../logging.ts';
import type { Extraction, FaceRating, FaceService } from './service.ts';

export interface FaceWorkerInit {
  readonly packPath: string;
  /** The model the calibration is for; a worker with another one refuses to start. */
  readonly modelId: string;
}

export interface FaceJob {
  readonly image: Uint8Array;
}

export interface FaceEngineOptions {
  readonly workers: number;
  readonly queueLimit: number;
  readonly log: Logger;
}

/** After a job is given up, the longest any honest picture could still keep its worker. */
const HANG_GRACE_MS = 30_000;
const BACKOFF_MS = { first: 100, max: 10_000 } as const;

export class FaceEngine implements FaceService {
  readonly #options: FaceEngineOptions;
  #pool: WorkerPool<FaceWorkerInit, FaceJob, FaceAnalysis> | undefined;
  #calibration: MatchCalibration | undefined;
  #ready = false;

  constructor(options: FaceEngineOptions) {
    this.#options = options;
  }

  /**
   * Opens the pack, reads its calibration, starts the workers; resolves when all are ready.
   * @param packPath folder of a model pack, on disk or inside the compiled program.
   * @throws PackError and FaceError when the pack cannot be used; ServerError WORKER_FAILED.
   */
  async start(packPath: string): Promise<void> {
    const { workers, queueLimit, log } = this.#options;
    const pack = await openPack(packPath);
    const { match } = pack.manifest.calibration;
    if (match === undefined) {
      throw new FaceError('PACK_INCOMPLETE', 'model pack: no calibration for matching');
    }
    this.#calibration = parseCalibration(await pack.read(match));
    this.#pool = new WorkerPool({
      spawn: () => new Worker(workerEntry()),
      init: { packPath, modelId: this.#calibration.modelId },
      workers,
      queueLimit,
      hangGraceMs: HANG_GRACE_MS,
      maxWrittenOff: workers,
      backoffMs: BACKOFF_MS,
      onEvent: (event) => logEvent(log, event),
      reviveError,
    });
    try {
      await this.#pool.start();
    } catch (error) {
      this.#pool.close();
      throw error;
    }
    this.#ready = true;
    const { name, version } = pack.manifest;
    log.info('engine-ready', { pack: name, pack_version: version, pack_id: pack.id, workers });
  }

  get ready(): boolean {
    return this.#ready && this.status.live > 0;
  }

  get status(): PoolStatus {
    return this.#pool?.status ?? { live: 0, queued: 0, writtenOff: 0 };
  }

  async extract(image: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Extraction> {
    if (this.#pool === undefined) throw new ServerError('BUSY', 'face engine is not ready');
    const { result, queueMs } = await this.#pool.submit({ image }, signal, [image.buffer]);
    return { analysis: result, queueMs };
  }

  rate(probe: FaceTemplate, reference: FaceTemplate, kind: MatchKind): FaceRating {
    if (this.#calibration === undefined) throw new ServerError('BUSY', 'face engine is not ready');
    const value = similarity(probe, reference);
    return { similarity: value, ...rateSimilarity(this.#calibration, value, kind) };
  }

  /** Ends the workers; work in flight is answered BUSY. */
  close(): void {
    this.#ready = false;
    this.#pool?.close();
  }
}

/**
 * In the compiled program all modules share one root and entries keep their path below it; otherwise
 * the entry lies beside this file.
 */
function workerEntry(): string {
  const compiled = import.meta.url.startsWith('file:///$bunfs/');
  return compiled
    ? 'file:///$bunfs/root/server/core/face/worker.ts'
    : new URL('./worker.ts', import.meta.url).href;
}

/** Errors of the libraries get their class back; anything else is a failure of the worker. */
function reviveError({ name, code, message }: WireError): Error {
  if (name === 'FaceError') return new FaceError(code as FaceErrorCode, message);
  if (name === 'PackError') return new PackError(code as PackErrorCode, message);
  if (name === 'ServerError') return new ServerError('WORKER_FAILED', message);
  return new ServerError('WORKER_FAILED', name);
}

function logEvent(log: Logger, event: PoolEvent): void {
  if (event.type === 'worker-refused') {
    log.error('worker-refused', {
      cause: event.error.code ?? event.error.name,
      restart_in_ms: event.restartInMs,
    });
  } else if (event.type === 'worker-ended') {
    log.error('worker-ended', {
      exit_code: event.exitCode,
      cause: event.reason,
      restart_in_ms: event.restartInMs,
    });
  } else {
    log.error('worker-written-off', { replaced: event.replaced });
  }
}
