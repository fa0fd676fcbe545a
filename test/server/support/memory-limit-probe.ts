/**
 * Child process that limits the memory of the process and runs the embedder of a pack, with sessions of
 * their own memory and with sessions that share it. Arguments: pack, bytes.
 */
import { noiseFor } from '../../../biometrics/runtime/agreement.ts';
import { ON_CPU } from '../../../biometrics/runtime/backend.ts';
import { networkOf } from '../../../biometrics/runtime/network-of.ts';
import { createOnnxLoader } from '../../../biometrics/runtime/network.ts';
import { openPack } from '../../../models/mod.ts';
import { limitMemory } from '../../../server/core/native/memory-limit.ts';

/** What went wrong, or "ok". */
export interface MemoryLimitProbe {
  readonly own: string;
  readonly shared: string;
  readonly twice: string;
}

const [, , packPath, bytes] = process.argv;
const pack = await openPack(packPath);
const told = (work: Promise<unknown>) => work.then(() => 'ok', (error: Error) => error.message);
const embed = (sharedMemory: boolean) =>
  told((async () => {
    const loader = createOnnxLoader(pack, { ...ON_CPU, sharedMemory });
    const network = await loader.load(networkOf(pack, 'embedder'));
    await network.run(noiseFor(network.spec.input), 1);
  })());

limitMemory(ON_CPU, Number(bytes));
const outcome: MemoryLimitProbe = {
  own: await embed(false),
  shared: await embed(true),
  twice: await told((async () => limitMemory(ON_CPU, Number(bytes)))()),
};
console.log(JSON.stringify(outcome));
