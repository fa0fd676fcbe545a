/**
 * Pictures to JPEG in a worker of their own: JPEG 2000 is decoded in WebAssembly, which would hold up every
 * session of the process for tens of milliseconds.
 */
import { FaceError, type FaceErrorCode } from '../../../biometrics/errors.ts';
import { ServerError } from '../errors.ts';
import { WorkerPool } from '../inference/pool.ts';
import type { Logger } from '../logging.ts';
import { workerUrl } from '../inference/worker-url.ts';

export interface ConversionInit {
  readonly maxPixels: number;
  readonly quality: number;
}

export interface ConversionJob {
  readonly image: Uint8Array;
}

/** Portraits of documents have 0.2 to 0.5 megapixels. */
const MAX_PIXELS = 4_000_000;
/** libjpeg's scale; recompression must not cost what a comparison of faces needs. */
const QUALITY = 95;
const QUEUE_LIMIT = 256;
const TIMEOUT_MS = 10_000;

export class JpegConverter {
  readonly #pool: WorkerPool<ConversionInit, ConversionJob, Uint8Array>;
  #started: Promise<void> | undefined;

  constructor(log: Logger) {
    this.#pool = new WorkerPool({
      spawn: () => new Worker(workerUrl('server/core/image/worker.ts')),
      init: { maxPixels: MAX_PIXELS, quality: QUALITY },
      workers: 1,
      queueLimit: QUEUE_LIMIT,
      hangGraceMs: TIMEOUT_MS,
      maxWrittenOff: 1,
      backoffMs: { first: 100, max: 10_000 },
      onEvent: (event) => log.error('image-worker', { change: event.type }),
      reviveError: ({ name, code, message }) =>
        name === 'FaceError'
          ? new FaceError(code as FaceErrorCode, message)
          : new ServerError('WORKER_FAILED', name),
    });
  }

  /**
   * @param image JPEG 2000, PNG, WebP or JPEG; copied
   * @param signal gives the work up; the promise then rejects with its reason
   * @returns baseline JPEG
   * @throws FaceError IMAGE_* when the picture cannot be decoded or has over 4 megapixels; ServerError BUSY,
   * WORKER_CRASHED, WORKER_FAILED
   */
  async toJpeg(image: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    await (this.#started ??= this.#pool.start());
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return (await this.#pool.submit({ image: image.slice() }, deadline, [])).result;
  }

  /** Ends the worker. */
  close(): void {
    this.#pool.close();
  }
}
