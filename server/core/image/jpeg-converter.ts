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

type ConversionPool = WorkerPool<ConversionInit, ConversionJob, Uint8Array>;

/** Portraits of documents have 0.2 to 0.5 megapixels. */
const MAX_PIXELS = 4_000_000;
/** libjpeg's scale; recompression must not cost what a comparison of faces needs. */
const QUALITY = 95;
const QUEUE_LIMIT = 256;
const TIMEOUT_MS = 10_000;

export class JpegConverter {
  readonly #makePool: () => ConversionPool;
  #pool: ConversionPool;
  #started: Promise<void> | undefined;

  /** @param spawn starts the worker */
  constructor(
    log: Logger,
    spawn = () => new Worker(workerUrl('server/core/image/worker.ts')),
  ) {
    this.#makePool = () =>
      new WorkerPool({
        spawn,
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
    this.#pool = this.#makePool();
  }

  /**
   * @param image JPEG 2000, PNG, WebP or JPEG; copied
   * @param signal gives the work up; the promise then rejects with its reason
   * @returns baseline JPEG
   * @throws FaceError IMAGE_* when the picture cannot be decoded or has over 4 megapixels; ServerError BUSY,
   * WORKER_CRASHED, WORKER_FAILED. When the worker does not start, the next picture starts another one.
   */
  async toJpeg(image: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    await (this.#started ??= this.#start());
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return (await this.#pool.submit({ image: image.slice() }, deadline, [])).result;
  }

  async #start(): Promise<void> {
    try {
      await this.#pool.start();
    } catch (error) {
      // a pool starts once
      this.#pool.close();
      this.#pool = this.#makePool();
      this.#started = undefined;
      throw error;
    }
  }

  /** Ends the worker. */
  close(): void {
    this.#pool.close();
  }
}
