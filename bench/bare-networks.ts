/**
 * Worker of the match benchmark: nothing but the networks. It records every network call that the
 * pipeline makes for the pictures, then repeats exactly those calls as fast as it can.
 */
import '../server/core/native/libraries.ts';
import { createFacePipeline } from '../biometrics/mod.ts';
import { createOnnxLoader, type NetworkLoader } from '../biometrics/runtime/network.ts';
import { openPack } from '../models/mod.ts';

declare const self: Worker;

self.onmessage = async ({ data: { packPath, pictures, seconds } }) => {
  const pack = await openPack(packPath);
  const real = createOnnxLoader(pack);
  const calls: (() => Promise<unknown>)[] = [];
  const recording: NetworkLoader = {
    async load(id) {
      const network = await real.load(id);
      return {
        spec: network.spec,
        run(tensor, batch) {
          const copy = tensor.slice();
          calls.push(() => network.run(copy, batch));
          return network.run(tensor, batch);
        },
      };
    },
  };
  const pipeline = await createFacePipeline(pack, recording);
  for (const picture of pictures) await pipeline.analyse(picture);
  const round = async () => {
    for (const call of calls) await call();
  };
  await round();
  self.postMessage('ready');
  self.onmessage = async () => {
    const start = performance.now();
    let matches = 0;
    while (performance.now() - start < seconds * 1000) {
      await round();
      matches++;
    }
    self.postMessage({ matches, ms: performance.now() - start });
  };
};
