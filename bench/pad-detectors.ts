/** Milliseconds that each liveness detector costs on one selfie, beside the networks that find its face. */
import '../server/core/native/libraries.ts';
import { parseArgs } from 'node:util';
import { decodePicture } from '../biometrics/image/mod.ts';
import { FaceView } from '../biometrics/liveness/face-view.ts';
import {
  livenessDetectors,
  padCalibrationOf,
  type PadMeasurements,
  verdictsOf,
} from '../biometrics/liveness/mod.ts';
import { createFaceLocator } from '../biometrics/locate.ts';
import { createOnnxLoader } from '../biometrics/runtime/network.ts';
import { openPack } from '../models/mod.ts';
import { packPath } from '../server/core/model-pack.ts';
import { benchmarkSelfies } from './selfies.ts';
import { percentile, printTable } from './statistics.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '60' } } });
  const pack = await openPack(await packPath(undefined, () => {}));
  const loader = createOnnxLoader(pack);
  const locator = await createFaceLocator(pack, loader);
  const detectors = await livenessDetectors(pack, loader);
  const calibration = await padCalibrationOf(pack);
  const [selfie] = await benchmarkSelfies();
  const picture = await decodePicture(selfie);

  const times = new Map<string, number[]>();
  const note = (name: string, start: number) => {
    if (!times.has(name)) times.set(name, []);
    times.get(name)!.push(performance.now() - start);
  };
  const rounds = Number(values.rounds), warmUp = 20;
  for (let round = 0; round < rounds + warmUp; round++) {
    if (round === warmUp) times.clear();
    let start = performance.now();
    const { scene } = await locator.locate(picture);
    note('find the face (two networks)', start);
    const all = performance.now();
    start = all;
    const view = FaceView.of(scene)!;
    // Shared by several detectors, so that none of them is charged for it.
    for (const which of ['near', 'native'] as const) view.rings(which);
    note('windows and spectra', start);
    const found: Record<string, readonly number[] | null> = {};
    for (const { id, measure } of detectors) {
      start = performance.now();
      found[id] = await measure({ scene, view }, found as PadMeasurements) ?? null;
      note(id, start);
    }
    start = performance.now();
    verdictsOf(calibration, detectors, found);
    note('verdicts of all detectors', start);
    note('all detectors', all);
  }
  console.log(
    `liveness: one ${picture.width}x${picture.height} selfie, one thread, ${rounds} rounds`,
  );
  printTable([
    ['', 'p50 ms', 'p99 ms'],
    ...[...times].map(([name, list]) => [
      name,
      percentile(list, 0.5).toFixed(2),
      percentile(list, 0.99).toFixed(2),
    ]),
  ]);
  process.exit(0);
}
