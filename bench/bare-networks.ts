/**
 * Worker of the HTTP benchmarks: nothing but the networks. It records every network call that the
 * pipeline makes for the pictures, then repeats exactly those calls as fast as it can.
 */
import '../server/core/native/libraries.ts';
import { type AnalyseOptions, createFacePipeline } from '../biometrics/mod.ts';
import { createOnnxLoader, type NetworkLoader } from '../biometrics/runtime/network.ts';
import { openPack } from '../models/mod.ts';

declare const self: Worker;

/** A picture, and what the pipeline is asked of it; `judge`: liveness alone. */
export interface Look {
  readonly picture: Uint8Array;
  readonly wants: AnalyseOptions | 'judge';
}

export interface BareWork {
  readonly packPath: string;
  readonly looks: readonly Look[];
  readonly seconds: number;
}

self.onmessage = async ({ data }: MessageEvent<BareWork>) => {
  const { packPath, looks, seconds } = data;
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
  for (const { picture, wants } of looks) {
    await (wants === 'judge' ? pipeline.judge(picture) : pipeline.analyse(picture, wants));
  }
  const round = async () => {
    for (const call of calls) await call();
  };
  await round();
  self.postMessage('ready');
  self.onmessage = async () => {
    const start = performance.now();
    let rounds = 0;
    while (performance.now() - start < seconds * 1000) {
      await round();
      rounds++;
    }
    self.postMessage({ rounds, ms: performance.now() - start });
  };
};
