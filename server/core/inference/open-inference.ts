/** What the networks of a server run on: chooses, says so in the log, and limits the memory. */
import type { Logger } from '../logging.ts';
import { limitMemory } from '../native/memory-limit.ts';
import {
  type CheckedPack,
  chooseBackend,
  type Inference,
  type InferenceSettings,
  MEGABYTE,
} from './choose-backend.ts';
import type { BackendProbe } from './probe-process.ts';

/** @returns what an engine calls once; it throws as `chooseBackend` and `limitMemory` do */
export function openInference(
  settings: InferenceSettings,
  log: Logger,
  probe: BackendProbe,
): (pack: CheckedPack, signal: AbortSignal) => Promise<Inference> {
  return async (pack, signal) => {
    const inference = await chooseBackend(settings, pack, probe, signal);
    for (const { name: backend, available, reason } of inference.backends) {
      const skipped = available !== null && backend !== inference.runtime.backend;
      if (skipped) log.warn('backend-skipped', { backend, reason });
    }
    const { inferenceMemoryMb } = settings;
    if (inferenceMemoryMb !== undefined) {
      limitMemory(inference.runtime, inferenceMemoryMb * MEGABYTE);
    }
    return inference;
  };
}
