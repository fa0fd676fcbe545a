/**
 * Tries one backend: runs networks of the pack on it and compares what they say with the processor. Runs in
 * a process of its own, because a driver that does not fit can end the process it is loaded into.
 */
// Must stay first: nothing below may load ONNX Runtime before the environment is prepared.
import '../native/libraries.ts';
import { ON_CPU, type Runtime } from '../../../biometrics/runtime/backend.ts';
import {
  difference,
  noiseFor,
  shareInWords,
  TOLERANCE,
} from '../../../biometrics/runtime/agreement.ts';
import { networkOf } from '../../../biometrics/runtime/network-of.ts';
import {
  createOnnxLoader,
  type NetworkLoader,
  type RunnableNetwork,
} from '../../../biometrics/runtime/network.ts';
import { PackError } from '../../../models/errors.ts';
import { openPack } from '../../../models/open.ts';
import type { Pack } from '../../../models/pack.ts';
import { limitMemory } from '../native/memory-limit.ts';
import type { BackendAnswer, BackendRequest } from './backend-messages.ts';

/** The best of so many runs is taken for the time of one. */
const TIMED_RUNS = 3;

/** Makes loaders; the parameters are those of `createOnnxLoader`. */
export type LoaderMaker = (pack: Pack, runtime: Runtime, whole?: boolean) => NetworkLoader;

/**
 * @param makeLoader what runs networks
 * @throws what ONNX Runtime throws when the backend does not start; PackError when the pack cannot be used
 */
export async function probeBackend(
  { backend, device, memoryBytes, packPath, packId, networks }: BackendRequest,
  makeLoader: LoaderMaker = createOnnxLoader,
): Promise<BackendAnswer> {
  const pack = await openPack(packPath);
  if (pack.id !== packId) {
    throw new PackError('PACK_HASH_MISMATCH', 'the pack changed after it was opened');
  }
  const embedder = networkOf(pack, 'embedder');
  // must run there whole: a backend that leaves all work to the processor would agree with it
  const runtime = { backend, device, sharedMemory: false };
  await makeLoader(pack, runtime, backend !== 'cpu').load(embedder);
  if (memoryBytes !== undefined) limitMemory(runtime, memoryBytes);

  const there = makeLoader(pack, { ...runtime, sharedMemory: memoryBytes !== undefined });
  const processor = makeLoader(pack, ON_CPU);
  const others = networks === 'all'
    ? pack.manifest.networks.map(({ id }) => id).filter((id) => id !== embedder)
    : [];
  const times = { runMs: Infinity, processorMs: Infinity };
  let most = 0;
  for (const id of [embedder, ...others]) {
    const network = await there.load(id), reference = await processor.load(id);
    const noise = noiseFor(network.spec.input);
    const apart = difference(await network.run(noise, 1), await reference.run(noise, 1));
    if (apart > TOLERANCE) return { available: false, reason: disagreement(id, apart) };
    most = Math.max(most, apart);
    for (let run = 0; id === embedder && run < TIMED_RUNS; run++) {
      times.runMs = Math.min(times.runMs, await timeOf(network, noise));
      times.processorMs = Math.min(times.processorMs, await timeOf(reference, noise));
    }
  }
  return { available: true, compared: 1 + others.length, difference: most, ...times };
}

async function timeOf(network: RunnableNetwork, input: Float32Array): Promise<number> {
  const start = performance.now();
  await network.run(input, 1);
  return performance.now() - start;
}

function disagreement(id: string, apart: number): string {
  const found = Number.isFinite(apart) ? `by ${shareInWords(apart)}` : 'beyond measure';
  return `network ${id} differs ${found} of its largest output from the processor, ` +
    `allowed is ${shareInWords(TOLERANCE)}`;
}
