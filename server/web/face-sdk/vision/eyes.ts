/** Whether the eyes are open: the iris network and the same measure as on the server. */
import { eyeCrops, eyesAt } from '../../../../biometrics/landmarks/iris.ts';
import { eyesOpen, type EyesOpenness } from '../../../../biometrics/quality/eyes-open.ts';
import type { Frame } from './frame.ts';
import type { Mesh } from './mesh.ts';
import type { Looker } from './networks.ts';

export async function lookAtEyes(iris: Looker, frame: Frame, mesh: Mesh): Promise<EyesOpenness> {
  const { input: { width: size }, cropScale = 1 } = iris.entry;
  const crops = eyeCrops(mesh.points, cropScale, size);
  const each: Float32Array[] = [];
  for (const m of crops) each.push((await iris.look(frame.crop(m, size), size)).points);
  const points = new Float32Array(each[0].length * 2);
  each.forEach((part, i) => points.set(part, i * part.length));
  return eyesOpen(eyesAt(crops, points));
}
