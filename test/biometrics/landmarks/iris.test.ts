import { describe, expect, test } from 'bun:test';
import '../../../server/core/native/libraries.ts';
import { decodePicture } from '../../../biometrics/image/mod.ts';
import { type RefinedEye, refineEyes } from '../../../biometrics/landmarks/iris.ts';
import { LEFT_EYE, RIGHT_EYE } from '../../../biometrics/landmarks/mesh-topology.ts';
import { createFaceLocator } from '../../../biometrics/locate.ts';
import { createOnnxLoader } from '../../../biometrics/runtime/network.ts';
import { defaultPack, photograph } from '../support/engine.ts';

async function eyesOf(photo: number) {
  const pack = await defaultPack(), loader = createOnnxLoader(pack);
  const picture = await decodePicture(await Bun.file(photograph(photo)).bytes());
  const { scene } = await (await createFaceLocator(pack, loader)).locate(picture);
  const network = await loader.load('iris');
  return { scene, eyes: await refineEyes(network, scene.pyramid, scene.mesh) };
}

describe('refined eyes', () => {
  test('lie between the corners that the mesh saw, each on its own side', async () => {
    for (const photo of [1, 3, 5]) {
      const { scene: { mesh }, eyes } = await eyesOf(photo);
      const sides: [RefinedEye, readonly [number, number]][] = [
        [eyes.right, RIGHT_EYE],
        [eyes.left, LEFT_EYE],
      ];
      for (const [{ iris, contour }, [outer, inner]] of sides) {
        const width = Math.hypot(
          mesh[3 * outer] - mesh[3 * inner],
          mesh[3 * outer + 1] - mesh[3 * inner + 1],
        );
        const middle = [0, 1].map((axis) => (mesh[3 * outer + axis] + mesh[3 * inner + axis]) / 2);
        expect(Math.hypot(iris[0] - middle[0], iris[1] - middle[1])).toBeLessThan(0.4 * width);
        // an iris is 11.7 mm wide, an eye opening about 30 mm
        const diameter = Math.hypot(iris[2] - iris[6], iris[3] - iris[7]);
        expect(diameter / width).toBeGreaterThan(0.25);
        expect(diameter / width).toBeLessThan(0.6);
        expect(Math.hypot(contour[0] - mesh[3 * outer], contour[1] - mesh[3 * outer + 1]))
          .toBeLessThan(0.35 * width);
      }
    }
  });
});
