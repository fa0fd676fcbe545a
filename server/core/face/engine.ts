/** The face service of the product: pipelines in a worker pool, comparison and rating on the main thread. */
import { FaceError } from '../../../biometrics/errors.ts';
import { workersOn } from '../../../biometrics/runtime/backend.ts';
import {
  type DetectorVerdict,
  type LivenessLevel,
  type LivenessRating,
  type LivenessSupport,
  livenessSupport,
  rateLiveness,
  reachesLiveness,
} from '../../../biometrics/liveness/mod.ts';
import type { MatchCalibration } from '../../../biometrics/match/calibration.ts';
import {
  type MatchKind,
  type MatchRating,
  rateSimilarity,
} from '../../../biometrics/match/rating.ts';
import { similarity } from '../../../biometrics/match/similarity.ts';
import type { AnalyseOptions } from '../../../biometrics/pipeline.ts';
import {
  judgeQuality,
  measureInputs,
  type QualityMode,
  recognitionInputs,
  unifiedScore,
} from '../../../biometrics/quality/mod.ts';
import type { FaceAnalysis, FaceTemplate } from '../../../biometrics/types.ts';
import { openPack } from '../../../models/open.ts';
import type { Pack } from '../../../models/pack.ts';
import type { TrustOptions } from '../../../models/signature.ts';
import { ServerError } from '../errors.ts';
import { type CheckedPack, type Inference, PROCESSOR } from '../inference/choose-backend.ts';
import type { PoolEvent, PoolStatus } from '../inference/pool.ts';
import type { Logger } from '../logging.ts';
import { createFacePool, type FacePool } from './pool.ts';
import { type Calibrations, readCalibrations } from './calibrations.ts';
import type { Extraction, FaceRating, FaceService, Judgement, QualityRating } from './service.ts';

export interface FaceEngineOptions {
  readonly workers: number;
  readonly queueLimit: number;
  readonly log: Logger;
  /** Finds what the networks run on; default the processor. */
  readonly inference?: (pack: CheckedPack, signal: AbortSignal) => Promise<Inference>;
}

export interface FaceEngineInfo {
  readonly pack: { readonly name: string; readonly version: string; readonly signed: boolean };
  readonly calibration: MatchCalibration;
  readonly inference: Inference;
  /** What the pack can say about liveness; absent when it is not calibrated for it. */
  readonly liveness?: LivenessSupport;
  /** Whether it can rate the quality of pictures. */
  readonly quality?: boolean;
}

export class FaceEngine implements FaceService {
  readonly #options: FaceEngineOptions;
  #pool: FacePool | undefined;
  #calibrations: Calibrations | undefined;
  #info: FaceEngineInfo | undefined;
  #pack: Pack | undefined;
  #ready = false;
  readonly #closing = new AbortController();

  constructor(options: FaceEngineOptions) {
    this.#options = options;
  }

  /**
   * Opens the pack, reads its calibration, starts the workers; resolves when all are ready.
   * @param packPath folder of a model pack, on disk or inside the compiled program.
   * @param trust whose signature the pack must carry
   * @throws PackError and FaceError when the pack cannot be used; ServerError WORKER_FAILED, and
   *   BACKEND_UNAVAILABLE when the networks cannot run on what was asked for
   */
  async start(packPath: string, trust: TrustOptions = {}): Promise<void> {
    const { workers: wanted, queueLimit, log } = this.#options;
    const pack = await openPack(packPath, trust);
    const calibrations = await readCalibrations(pack);
    this.#calibrations = calibrations;
    const checked = { packPath, packId: pack.id };
    const inference = await this.#options.inference?.(checked, this.#closing.signal) ?? PROCESSOR;
    const { backend } = inference.runtime;
    const workers = workersOn(backend, wanted);
    this.#pool = createFacePool({
      ...checked,
      runtime: inference.runtime,
      modelId: calibrations.match.modelId,
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
    this.#pack = pack;
    this.#ready = true;
    const { name, version } = pack.manifest;
    const liveness = calibrations.pad && livenessSupport(calibrations.pad);
    this.#info = {
      pack: { name, version, signed: pack.signed },
      calibration: calibrations.match,
      inference,
      ...(liveness && { liveness }),
      quality: calibrations.quality !== undefined,
    };
    if (liveness?.evidence !== 'real') {
      log.warn('liveness-evidence', {
        evidence: liveness?.evidence ?? 'none',
        levels: liveness?.supported ?? [],
      });
    }
    log.info('engine-ready', {
      pack: name,
      pack_version: version,
      pack_id: pack.id,
      workers,
      backend,
    });
  }

  get ready(): boolean {
    return this.#ready && this.status.live > 0;
  }

  /** The pack in use; undefined until started. */
  get pack(): Pack | undefined {
    return this.#pack;
  }

  /** What decides and on which data it was calibrated; undefined until started. */
  get info(): FaceEngineInfo | undefined {
    return this.#info;
  }

  get status(): PoolStatus {
    return this.#pool?.status ?? { live: 0, busy: 0, queued: 0, writtenOff: 0, restarts: 0 };
  }

  async extract(
    image: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
    options: AnalyseOptions = {},
  ): Promise<Extraction> {
    const { result, queueMs } = await started(this.#pool).analyse(image, options, signal);
    return { analysis: result, queueMs };
  }

  async judge(image: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Judgement> {
    const { result, queueMs } = await started(this.#pool).judge(image, signal);
    return { analysis: result, queueMs };
  }

  rateLiveness(verdicts: readonly DetectorVerdict[]): LivenessRating {
    return rateLiveness(calibrated(started(this.#calibrations).pad, 'liveness'), verdicts);
  }

  reachesLiveness(reached: LivenessLevel | null, wanted: LivenessLevel): boolean {
    return reachesLiveness(
      calibrated(started(this.#calibrations).pad, 'liveness'),
      reached,
      wanted,
    );
  }

  rateQuality(analysis: FaceAnalysis, mode: QualityMode): QualityRating {
    const { score: model, gates } = calibrated(started(this.#calibrations).quality, 'quality');
    const score = unifiedScore(model, recognitionInputs(analysis));
    return { score, ...judgeQuality(gates, mode, { ...measureInputs(analysis), score }) };
  }

  rate(probe: FaceTemplate, reference: FaceTemplate, kind: MatchKind): FaceRating {
    const value = similarity(probe, reference);
    return { similarity: value, ...rateSimilarity(started(this.#calibrations).match, value, kind) };
  }

  likeness(a: FaceTemplate, b: FaceTemplate): MatchRating['level'] {
    return this.rate(a, b, 'selfie').level;
  }

  /** Ends the workers; work in flight is answered BUSY. */
  close(): void {
    this.#ready = false;
    this.#closing.abort();
    this.#pool?.close();
  }
}

/** @throws ServerError BUSY before the engine was started */
function started<T>(part: T | undefined): T {
  if (part === undefined) throw new ServerError('BUSY', 'face engine is not ready');
  return part;
}

/** @throws FaceError PACK_INCOMPLETE */
function calibrated<T>(calibration: T | undefined, purpose: string): T {
  if (calibration !== undefined) return calibration;
  throw new FaceError('PACK_INCOMPLETE', `model pack: not calibrated for ${purpose}`);
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
