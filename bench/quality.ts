/**
 * Milliseconds of each quality measure on a 480x640 selfie, of all of them together, and of the networks they
 * start from, in one process and thread. "CPU" is the mean of processor time, which a busy machine changes
 * little; the ratio is that of processor times.
 */
import '../server/core/native/libraries.ts';
import { parseArgs } from 'node:util';
import { decodePicture } from '../biometrics/image/mod.ts';
import { refineEyes } from '../biometrics/landmarks/iris.ts';
import { headPose } from '../biometrics/landmarks/pose.ts';
import { createFaceLocator } from '../biometrics/locate.ts';
import { backgroundUniformity } from '../biometrics/quality/background.ts';
import { compression } from '../biometrics/quality/compression.ts';
import { exposure } from '../biometrics/quality/exposure.ts';
import { expression } from '../biometrics/quality/expression.ts';
import { eyesOpen } from '../biometrics/quality/eyes-open.ts';
import { eyeCover } from '../biometrics/quality/eyes-visible.ts';
import { facePatch } from '../biometrics/quality/face-patch.ts';
import { headGeometry } from '../biometrics/quality/head-geometry.ts';
import { illuminationUniformity } from '../biometrics/quality/illumination.ts';
import { measureFace } from '../biometrics/quality/mod.ts';
import { sharpness } from '../biometrics/quality/sharpness.ts';
import { shoulders } from '../biometrics/quality/shoulders.ts';
import { skinColour } from '../biometrics/quality/skin.ts';
import { visibility } from '../biometrics/quality/visibility.ts';
import { createOnnxLoader } from '../biometrics/runtime/network.ts';
import { segmentForeground } from '../biometrics/segment/foreground.ts';
import { openPack } from '../models/mod.ts';
import { packPath } from '../server/core/model-pack.ts';
import { benchmarkSelfies } from './selfies.ts';
import { printTable, timeSteps } from './statistics.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '200' } } });
  const rounds = Number(values.rounds);
  const pack = await openPack(await packPath(undefined, () => {}));
  const loader = createOnnxLoader(pack);
  const locator = await createFaceLocator(pack, loader);
  const iris = await loader.load('iris'), segmentation = await loader.load('selfie-segmentation');
  const [bytes] = await benchmarkSelfies();
  const picture = await decodePicture(bytes);
  const { scene } = await locator.locate(picture);
  const eyes = await refineEyes(iris, scene.pyramid, scene.mesh);
  const foreground = await segmentForeground(segmentation, scene.pyramid);
  const file = {
    bytes,
    format: picture.format,
    sourceWidth: picture.width,
    sourceHeight: picture.height,
  };
  const input = { scene, eyes, foreground, file };
  const patch = facePatch(scene), skin = skinColour(patch), pose = headPose(scene.mesh, picture);
  // every round has a scene of its own, so that measures pay for the reductions that networks did not need
  let fresh = scene;
  const steps: readonly (readonly [name: string, step: () => unknown])[] = [
    ['detector and mesh', async () => fresh = (await locator.locate(picture)).scene],
    ['iris', () => refineEyes(iris, fresh.pyramid, fresh.mesh)],
    ['segmentation', () => segmentForeground(segmentation, fresh.pyramid)],
    ['all measures', () => measureFace({ ...input, scene: fresh })],
    ['  face patch', () => facePatch(scene)],
    ['  skin colour', () => skinColour(patch)],
    ['  visibility', () => visibility(patch, skin)],
    ['  eye cover', () => eyeCover(patch, skin)],
    ['  exposure', () => exposure(patch)],
    ['  illumination', () => illuminationUniformity(patch)],
    ['  sharpness', () => sharpness(scene, patch.eyeDistance)],
    ['  background', () => backgroundUniformity(scene.pyramid, foreground)],
    ['  compression', () => compression(picture, file)],
    ['  head pose', () => headPose(scene.mesh, picture)],
    ['  head geometry', () => headGeometry(scene, foreground, pose)],
    ['  shoulders', () => shoulders(scene, foreground)],
    ['  expression', () => expression(scene.mesh)],
    ['  eyes open', () => eyesOpen(eyes)],
  ];
  const costs = await timeSteps(steps, rounds, 20);
  const networks = costs[0].cpuMs + costs[1].cpuMs + costs[2].cpuMs;
  console.log(`quality: one 480x640 JPEG selfie, ${rounds} rounds, one thread`);
  printTable([
    ['step', 'CPU ms', 'p50 ms', 'p99 ms', 'of networks'],
    ...costs.map(({ name, cpuMs, p50Ms, p99Ms }) => [
      name,
      ...[cpuMs, p50Ms, p99Ms, cpuMs / networks].map((value) => value.toFixed(3)),
    ]),
  ]);
}
