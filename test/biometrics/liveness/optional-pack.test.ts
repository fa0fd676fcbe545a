/** The default pack with both MiniFASNets: its calibration fits the program's detectors and is used. */
import { expect, test } from 'bun:test';
import '../../../server/core/native/libraries.ts';
import { decodePicture } from '../../../biometrics/image/mod.ts';
import {
  checkPadCalibration,
  livenessDetectors,
  measureScene,
  padCalibrationOf,
  rateLiveness,
  verdictsOf,
} from '../../../biometrics/liveness/mod.ts';
import { PIXEL_DETECTORS } from '../../../biometrics/liveness/detectors/mod.ts';
import { createFaceLocator } from '../../../biometrics/locate.ts';
import { createOnnxLoader } from '../../../biometrics/runtime/network.ts';
import { importNetworks } from '../../../models/mod.ts';
import calibration from '../../../models/optional/calibration-pad.json' with { type: 'json' };
import { withFolder } from '../../models/support/tiny-pack.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { defaultPack } from '../support/engine.ts';

const FILES = ['models/MiniFASNetV2.pth', 'models/MiniFASNetV1SE.onnx'];

test('the calibration of the optional networks lists the detectors that this program has', () => {
  const { detectors } = checkPadCalibration(calibration);
  const expected = PIXEL_DETECTORS.map(({ id, features }) => [id, [...features]]);
  for (const id of ['network-minifasnet-v2', 'network-minifasnet-v1se']) {
    expected.push([id, ['over-class-0', 'over-class-2']]);
  }
  expect(detectors.map(({ id, features }) => [id, features.map(({ name }) => name)]))
    .toEqual(expected);
});

describeWithData('the default pack with MiniFASNet', [...FILES, 'faces/pad-samples'], () => {
  test('networks and fusion tell the live sample from the attacks', async () => {
    await withFolder(async (folder) => {
      const pack = await importNetworks(await defaultPack(), FILES.map(sharedPath), folder);
      const loader = createOnnxLoader(pack);
      const locator = await createFaceLocator(pack, loader);
      const detectors = await livenessDetectors(pack, loader);
      const fitted = await padCalibrationOf(pack);
      const scores: Record<string, Record<string, number>> = {};
      const levels: Record<string, string | null> = {};
      for (const sample of ['T1', 'F1', 'F2']) {
        const file = sharedPath(`faces/pad-samples/image_${sample}.jpg`);
        const picture = await decodePicture(await Bun.file(file).bytes(), { maxSide: 1280 });
        const { scene } = await locator.locate(picture);
        const verdicts = verdictsOf(fitted, detectors, await measureScene(detectors, scene));
        for (const { detector, score } of verdicts) (scores[detector] ??= {})[sample] = score;
        levels[sample] = rateLiveness(fitted, verdicts).highestLevel;
      }
      // as docs/models.md has them; three pictures are no rate
      expect(levels).toEqual({ T1: 'HIGH', F1: null, F2: null });
      for (const network of ['network-minifasnet-v2', 'network-minifasnet-v1se']) {
        const { T1, F1, F2 } = scores[network];
        expect(T1).toBeGreaterThan(0.5);
        expect(Math.max(F1, F2)).toBeLessThan(0.5);
      }
    });
  }, 60_000);
});
