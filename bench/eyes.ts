/** How many faces of LFW View 1 rate OPEN as they are, and CLOSED with lids painted down over their eyes. */
import '../server/core/native/libraries.ts';
import { parseArgs } from 'node:util';
import { refineEyes } from '../biometrics/landmarks/iris.ts';
import { createFaceLocator } from '../biometrics/locate.ts';
import { eyesOpen } from '../biometrics/quality/eyes-open.ts';
import { createOnnxLoader } from '../biometrics/runtime/network.ts';
import type { FaceScene } from '../biometrics/scene.ts';
import { openPack } from '../models/mod.ts';
import { packPath } from '../server/core/model-pack.ts';
import { closeEyes } from '../test/biometrics/support/eyelids.ts';
import { percentile, printTable } from './statistics.ts';
import { located } from './located.ts';
import { lfwFaces } from './visibility/samples.ts';

/** How far the lids come down, 0..1. */
const SHARES = [0.5, 0.8, 1];

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { people: { type: 'string', default: '200' } } });
  const pack = await openPack(await packPath(undefined, () => {}));
  const loader = createOnnxLoader(pack);
  const locator = await createFaceLocator(pack, loader);
  const iris = await loader.load('iris');
  const eyesOf = ({ pyramid, mesh }: FaceScene) => refineEyes(iris, pyramid, mesh);
  const plain: number[] = [], lowered = SHARES.map((): number[] => []);
  for await (const { picture, scene } of lfwFaces(locator, 1, Number(values.people))) {
    const eyes = await eyesOf(scene);
    plain.push(eyesOpen(eyes).eyesOpen);
    for (const [i, share] of SHARES.entries()) {
      const shut = await located(locator, closeEyes(picture, eyes, share));
      if (shut !== undefined) lowered[i].push(eyesOpen(await eyesOf(shut)).eyesOpen);
    }
  }
  const row = (name: string, ratings: readonly number[]) => [
    name,
    String(ratings.length),
    String(ratings.filter((rating) => rating < 10).length),
    percentile(ratings, 0.1).toFixed(0),
    percentile(ratings, 0.5).toFixed(0),
    percentile(ratings, 0.9).toFixed(0),
  ];
  console.log('eyes: LFW View 1, rating of the less open eye');
  printTable([
    ['lids', 'faces', 'CLOSED', 'p10', 'p50', 'p90'],
    row('as they are', plain),
    ...SHARES.map((share, i) => row(`lowered by ${share}`, lowered[i])),
  ]);
}
