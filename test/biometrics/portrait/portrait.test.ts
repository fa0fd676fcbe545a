import { beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { createFaceLocator, type FaceLocator } from '../../../biometrics/locate.ts';
import { LEFT_EYE, RIGHT_EYE } from '../../../biometrics/landmarks/mesh-topology.ts';
import { createPortraitMaker, type PortraitMaker } from '../../../biometrics/portrait/mod.ts';
import { TOKEN_EYES } from '../../../biometrics/portrait/token-frame.ts';
import { createOnnxLoader } from '../../../biometrics/runtime/network.ts';
import type { Picture } from '../../../biometrics/types.ts';
import sharp from 'sharp';
import { defaultPack, photograph } from '../support/engine.ts';
import { load } from '../support/pictures.ts';

// networks and pictures of full size; other test files may run beside this one
setDefaultTimeout(60_000);

let locator: FaceLocator, portraits: PortraitMaker;
beforeAll(async () => {
  const pack = await defaultPack();
  const loader = createOnnxLoader(pack);
  locator = await createFaceLocator(pack, loader);
  portraits = await createPortraitMaker(pack, loader);
});

async function turned(degrees: number): Promise<Picture> {
  return await load(
    new Uint8Array(
      await sharp(photograph(3)).rotate(degrees, { background: '#808080' }).png().toBuffer(),
    ),
  );
}

for (const degrees of [0, 20, -30]) {
  test(`a picture turned by ${degrees} degrees gives a level portrait`, async () => {
    const { scene } = await locator.locate(await turned(degrees));
    const { picture } = await portraits.make(scene, { background: 'keep' });
    expect([picture.width, picture.height]).toEqual([480, 640]);
    // found again in the portrait, the eyes are where the standard wants them
    const { mesh } = (await locator.locate(picture)).scene;
    for (const [i, [outer, inner]] of [RIGHT_EYE, LEFT_EYE].entries()) {
      const x = (mesh[3 * outer] + mesh[3 * inner]) / 2;
      const y = (mesh[3 * outer + 1] + mesh[3 * inner + 1]) / 2;
      expect(Math.hypot(x - TOKEN_EYES[i][0], y - TOKEN_EYES[i][1])).toBeLessThan(6);
    }
  });
}

test('the background takes the chosen colour, the face keeps its own', async () => {
  const { scene } = await locator.locate(await load(photograph(3)));
  const kept = await portraits.make(scene, { background: 'keep' });
  const white = await portraits.make(scene, { background: [255, 255, 255] });
  const at = (picture: Picture, x: number, y: number) => [
    ...picture.data.subarray((y * 480 + x) * 3, (y * 480 + x) * 3 + 3),
  ];
  expect(at(white.picture, 5, 5)).toEqual([255, 255, 255]);
  expect(at(white.picture, 20, 300)).toEqual([255, 255, 255]);
  const nose = at(kept.picture, 239, 360);
  at(white.picture, 239, 360).forEach((value, i) =>
    expect(Math.abs(value - nose[i])).toBeLessThanOrEqual(2)
  );
  const mean = await portraits.make(scene, { background: 'mean' });
  expect(at(mean.picture, 5, 5)).toEqual(mean.background.map(Math.round));
});

test('what lies outside the picture is filled and reported', async () => {
  const whole = await load(photograph(3));
  const { scene } = await locator.locate(whole);
  // Cut through the forehead: the portrait reaches above the picture.
  const top = Math.round(scene.mesh[3 * 10 + 1]);
  const cut = await load(
    new Uint8Array(
      await sharp(photograph(3)).extract({
        left: 0,
        top,
        width: whole.width,
        height: whole.height - top,
      }).png().toBuffer(),
    ),
  );
  const { scene: lower } = await locator.locate(cut);
  const portrait = await portraits.make(lower, { background: 'keep' });
  expect(portrait.outsideShare).toBeGreaterThan(0.1);
  expect([...portrait.picture.data.subarray(0, 3)]).toEqual(portrait.background.map(Math.round));
  expect((await portraits.make(scene, { background: 'keep' })).outsideShare).toBe(0);
});
