/** What `gatehouse doctor` says of the inference backends: all networks on each, compared with the processor. */
import { type BackendName, BACKENDS } from '../biometrics/runtime/backend.ts';
import { openPack } from '../models/mod.ts';
import type { ServerConfig } from '../server/core/config/mod.ts';
import { ADVICE, isChosen, tryBackend } from '../server/core/inference/choose-backend.ts';
import type { Check } from './doctor.ts';
import { backendProbe } from './probe-backend.ts';

/**
 * One check a backend, the fastest first.
 * @param packPath a pack that was checked
 */
export async function backendChecks(config: ServerConfig, packPath: string): Promise<Check[]> {
  const pack = { packPath, packId: (await openPack(packPath)).id };
  const { backend: wanted } = config;
  const checks: Check[] = [];
  let chosen: BackendName | undefined;
  for (const name of BACKENDS) {
    const trial = await tryBackend(name, config, pack, 'all', backendProbe());
    const { available, reason } = trial;
    if (isChosen(name, trial, config)) chosen ??= name;
    const failed = !available && name === wanted;
    checks.push({
      check: `backend ${name}`,
      status: available ? 'ok' : failed ? 'failed' : 'unavailable',
      reason: failed ? `${reason}; ${ADVICE}` : name === chosen ? `in use; ${reason}` : reason,
    });
  }
  return checks;
}
