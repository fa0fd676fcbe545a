/** The face service of the product: pipelines in a worker pool, comparison and rating on the main thread. */
import { FaceError } from '../../../biometrics/errors.ts';
import { type MatchCalibration, parseCalibration } from '../../../biometrics/match/calibration.ts';
import { type MatchKind, rateSimilarity } from '../../../biometrics/match/rating.ts';
import { similarity } from '../../../biometrics/match/similarity.ts';
import type { FaceTemplate } from '../../../biometrics/types.ts';
import { openPack } from '../../../models/open.ts';
import type { TrustOptions } from '../../../models/signature.ts';
import { ServerError } from '../errors.ts';
import type { PoolEvent, PoolStatus } from '../inference/pool.ts';
import type { Logger } from '../logging.ts';
import { createFacePool, type FacePool } from './pool.ts';
import type { Extraction, FaceRating, FaceService } from './service.ts';

export interface FaceEngineOptions {
  readonly workers: number;
  readonly queueLimit: number;
  readonly log: Logger;
}

export interface FaceEngineInfo {
  readonly pack: { readonly name: string; readonly version: string; readonly signed: boolean };
  readonly calibration: MatchCalibration;
}

export class FaceEngine implements FaceService {
  readonly #options: FaceEngineOptions;
  #pool: FacePool | undefined;
  #calibration: MatchCalibration | undefined;
  #info: FaceEngineInfo | undefined;
  #ready = false;

  constructor(options: FaceEngineOptions) {
    this.#options = options;
  }

  /**
   * Opens the pack, reads its calibration, starts the workers; resolves when all are ready.
   * @param packPath folder of a model pack, on disk or inside the compiled program.
   * @param trust whose signature the pack must carry
   * @throws PackError and FaceError when the pack cannot be used; ServerError WORKER_FAILED.
   */
  async start(packPath: string, trust: TrustOptions = {}): Promise<void> {
    const { workers, queueLimit, log } = this.#options;
    const pack = await openPack(packPath, trust);
    const { match } = pack.manifest.calibration;
    if (match === undefined) {
      throw new FaceError('PACK_INCOMPLETE', 'model pack: no calibration for matching');
    }
    this.#calibration = parseCalibration(await pack.read(match));
    this.#pool = createFacePool({
      packPath,
      packId: pack.id,
      modelId: this.#calibration.modelId,
      workers,
      queueLimit,
      onEvent: (event) => logEvent(log, event),
    });
    try {
      await this.#pool.start();
    } catch (error) {
      this.#pool.close();
      throw error;
    }
    this.#ready = true;
    const { name, version } = pack.manifest;
    this.#info = { pack: { name, version, signed: pack.signed }, calibration: this.#calibration };
    log.info('engine-ready', { pack: name, pack_version: version, pack_id: pack.id, workers });
  }

  get ready(): boolean {
    return this.#ready && this.status.live > 0;
  }

  /** What decides and on which data it was calibrated; undefined until started. */
  get info(): FaceEngineInfo | undefined {
    return this.#info;
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
