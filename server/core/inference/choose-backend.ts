/**
 * Which backend the networks run on. One that was asked for and cannot start is an error, never a reason to
 * take another in silence; only "auto" takes the next, and says why it passed over those before.
 */
import {
  type BackendName,
  BACKENDS,
  ON_CPU,
  type Runtime,
  workersOn,
} from '../../../biometrics/runtime/backend.ts';
import type { ServerConfig } from '../config/mod.ts';
import { ServerError } from '../errors.ts';
import type { BackendRequest } from './backend-messages.ts';
import type { BackendProbe, BackendTrial } from './probe-process.ts';

/** What is known of a backend on this machine. */
interface BackendReport {
  readonly name: BackendName;
  /** Null when it was not tried. */
  readonly available: boolean | null;
  readonly reason: string;
}

/** The backend in use, and what is known of all. */
export interface Inference {
  readonly runtime: Runtime;
  /** In the order of "auto". */
  readonly backends: readonly BackendReport[];
}

export type InferenceSettings = Pick<
  ServerConfig,
  'backend' | 'inferenceDevice' | 'inferenceMemoryMb' | 'workers'
>;

/** A pack that was checked. */
export type CheckedPack = Pick<BackendRequest, 'packPath' | 'packId'>;

export const MEGABYTE = 2 ** 20;

/** What to do about a backend that cannot be used. */
export const ADVICE = 'docs/gpu.md says what it needs, cpu and auto need nothing';

/** What there is where nobody asked for anything else. */
export const PROCESSOR: Inference = {
  runtime: ON_CPU,
  backends: reports([{ name: 'cpu', available: true, reason: 'in use' }]),
};

/**
 * @param signal ends the trials
 * @throws ServerError BACKEND_UNAVAILABLE when no backend of the setting can be used; the signal's reason
 */
export async function chooseBackend(
  settings: InferenceSettings,
  pack: CheckedPack,
  probe: BackendProbe,
  signal: AbortSignal,
): Promise<Inference> {
  const { backend: wanted, inferenceDevice: device, inferenceMemoryMb } = settings;
  const tried: BackendReport[] = [];
  signal.throwIfAborted();
  for (const name of wanted === 'auto' ? BACKENDS : [wanted]) {
    const trial = await tryBackend(name, settings, pack, 'embedder', probe, signal);
    signal.throwIfAborted();
    tried.push({ name, available: trial.available, reason: trial.reason });
    if (!isChosen(name, trial, settings)) continue;
    const runtime = { backend: name, device, sharedMemory: inferenceMemoryMb !== undefined };
    return { runtime, backends: reports(tried) };
  }
  const reason = tried.at(-1)?.reason;
  throw new ServerError(
    'BACKEND_UNAVAILABLE',
    `inference.backend ${wanted} cannot be used: ${reason}; ${ADVICE}`,
  );
}

/**
 * Whether a backend that was tried is taken, unless one before it was: one that was named if it can be used,
 * and with "auto" one that gets more done than the processor with all workers.
 */
export function isChosen(
  name: BackendName,
  { available, cores = 1 }: BackendTrial,
  { backend: wanted, workers }: InferenceSettings,
): boolean {
  if (wanted !== 'auto') return available && wanted === name;
  return available && (name === 'cpu' || cores * workersOn(name, workers) >= workers);
}

/** All backends, of which some were tried. */
function reports(tried: readonly BackendReport[]): BackendReport[] {
  const reason = `not tried: ${tried.at(-1)?.name} is in use`;
  return BACKENDS.map((name) =>
    tried.find((report) => report.name === name) ?? { name, available: null, reason }
  );
}

/** Tries one backend as the settings have it. */
export async function tryBackend(
  backend: BackendName,
  { inferenceDevice: device, inferenceMemoryMb }: InferenceSettings,
  pack: CheckedPack,
  networks: BackendRequest['networks'],
  probe: BackendProbe,
  signal?: AbortSignal,
): Promise<BackendTrial> {
  if (backend === 'webgpu' && inferenceMemoryMb !== undefined) {
    return { available: false, reason: 'has no memory limit, which inference.memory_mb asks for' };
  }
  if (backend === 'webgpu' && device !== 0) {
    return { available: false, reason: 'has no choice of device, which inference.device asks for' };
  }
  if (backend === 'cpu' && inferenceMemoryMb === undefined) {
    return { available: true, reason: 'always there; the others are compared with it' };
  }
  const limit = inferenceMemoryMb !== undefined && { memoryBytes: inferenceMemoryMb * MEGABYTE };
  return await probe({ backend, device, ...limit, ...pack, networks }, signal);
}
