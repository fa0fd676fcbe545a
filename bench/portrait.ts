/**
 * Milliseconds of a 480x640 portrait with a new background, and of its steps, in one process and thread.
 * "CPU" is the mean of processor time; the ratio is that to the network that makes the mask.
 */
import '../server/core/native/libraries.ts';
import { parseArgs } from 'node:util';
import { Pyramid } from '../biometrics/align/pyramid.ts';
import { decodePicture } from '../biometrics/image/mod.ts';
import { createFaceLocator } from '../biometrics/locate.ts';
import { replaceBackground } from '../biometrics/portrait/background.ts';
import { cutFrame } from '../biometrics/portrait/cut.ts';
import { matte } from '../biometrics/portrait/matte.ts';
import { createPortraitMaker } from '../biometrics/portrait/mod.ts';
import { TOKEN_HEIGHT, TOKEN_WIDTH, tokenFrame } from '../biometrics/portrait/token-frame.ts';
import { createOnnxLoader } from '../biometrics/runtime/network.ts';
import { segmentForeground } from '../biometrics/segment/foreground.ts';
import { openPack } from '../models/mod.ts';
import { packPath } from '../server/core/model-pack.ts';
import { benchmarkSelfies } from './selfies.ts';
import { percentile, printTable } from './statistics.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '50' } } });
  const rounds = Number(values.rounds);
  const pack = await openPack(await packPath(undefined, () => {}));
  const loader = createOnnxLoader(pack);
  const locator = await createFaceLocator(pack, loader);
  const segmentation = await loader.load('selfie-segmentation');
  const portraits = await createPortraitMaker(pack, loader);
  const [bytes] = await benchmarkSelfies();
  const { scene } = await locator.locate(await decodePicture(bytes));
  const frame = tokenFrame(scene.mesh);
  const { picture } = cutFrame(scene.pyramid, frame, TOKEN_WIDTH, TOKEN_HEIGHT);
  const cut = new Pyramid(picture);
  const mask = await segmentForeground(segmentation, cut);
  const alpha = matte(cut, mask);
  const steps: readonly (readonly [name: string, step: () => unknown])[] = [
    ['segmentation network', () => segmentForeground(segmentation, cut)],
    ['portrait, new background', () => portraits.make(scene, { background: [255, 255, 255] })],
    ['  cut', () => cutFrame(scene.pyramid, frame, TOKEN_WIDTH, TOKEN_HEIGHT)],
    ['  matte', () => matte(cut, mask)],
    ['  new background', () => replaceBackground(picture, alpha, [255, 255, 255])],
  ];
  const times = steps.map((): number[] => []), cpuMs = steps.map(() => 0);
  for (let round = -5; round < rounds; round++) {
    for (const [i, [, step]] of steps.entries()) {
      const used = process.cpuUsage(), start = performance.now();
      await step();
      if (round < 0) continue;
      times[i].push(performance.now() - start);
      const { user, system } = process.cpuUsage(used);
      cpuMs[i] += (user + system) / 1000 / rounds;
    }
  }
  console.log(`portrait: one 480x640 JPEG selfie, ${rounds} rounds, one thread`);
  printTable([
    ['step', 'CPU ms', 'p50 ms', 'p99 ms', 'of network'],
    ...steps.map(([name], i) => [
      name,
      cpuMs[i].toFixed(1),
      percentile(times[i], 0.5).toFixed(1),
      percentile(times[i], 0.99).toFixed(1),
      (cpuMs[i] / cpuMs[0]).toFixed(1),
    ]),
  ]);
}
