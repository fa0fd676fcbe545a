import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { decodePicture } from '../../../biometrics/image/mod.ts';
import { eyesOpen, type EyesStatus } from '../../../biometrics/quality/eyes-open.ts';
import { measureFace } from '../../../biometrics/quality/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { closeEyes } from '../support/eyelids.ts';
import { OBJECTS, occlude, plain } from '../support/occlusion.ts';
import { plainEye } from '../support/plain-eye.ts';
import { portraits, qualityInput, repaint, withPixels } from '../support/quality.ts';

// networks start and pictures are measured many times over
setDefaultTimeout(60_000);

describe('eyes', () => {
  test('rate less open the further the lids come down', async () => {
    for (const portrait of await portraits()) {
      const { eyes } = await qualityInput(portrait);
      const row: number[] = [];
      for (const share of [0, 0.35, 0.7, 1]) {
        const { eyes: seen } = await qualityInput(closeEyes(portrait, eyes, share));
        row.push(eyesOpen(seen).eyesOpen);
      }
      for (let i = 1; i < row.length; i++) expect(row[i]).toBeLessThanOrEqual(row[i - 1] + 1);
      expect(row[0]).toBeGreaterThan(40);
      expect(row.at(-1)!).toBeLessThan(row[0] / 3);
    }
  });

  test('are CLOSED from 10 downwards, by the less open one', () => {
    expect(eyesOpen({ right: plainEye(10.2), left: plainEye(22) }).eyesStatus).toBe('OPEN');
    expect(eyesOpen({ right: plainEye(22), left: plainEye(9.8) }).eyesStatus).toBe('CLOSED');
    const { eyesOpen: rating, rightEyeOpen } = eyesOpen({ right: plainEye(40), left: plainEye(2) });
    expect([rating, rightEyeOpen]).toEqual([0, 100]);
  });

  test('show glare the larger the reflections before them are', async () => {
    for (const portrait of await portraits()) {
      const input = await qualityInput(portrait);
      const { right, left } = input.eyes;
      const width = Math.hypot(
        right.contour[0] - right.contour[16],
        right.contour[1] - right.contour[17],
      );
      const row = [0, 0.15, 0.3, 0.5].map((radius) => {
        const shining = repaint(portrait, (v, x, y) => {
          const isNear = [right.iris, left.iris].some((iris) =>
            Math.hypot(x - iris[0], y - iris[1]) < radius * width
          );
          return isNear ? 255 : v;
        });
        return measureFace(withPixels(input, shining)).glassesGlare;
      });
      for (let i = 1; i < row.length; i++) expect(row[i]).toBeGreaterThan(row[i - 1]);
    }
  });

  test('are dark behind dark glasses only', async () => {
    for (const portrait of await portraits()) {
      const input = await qualityInput(portrait);
      const dark = occlude(portrait, input.scene.mesh, OBJECTS.sunglasses.paint(plain(20, 20, 24)));
      const before = measureFace(input), after = measureFace(withPixels(input, dark));
      expect(before.darkGlasses).toBeLessThan(60);
      expect(after.darkGlasses).toBeGreaterThan(85);
    }
  });

  test('look where the irises are', async () => {
    const [portrait] = await portraits();
    const input = await qualityInput(portrait);
    const row = [-0.2, -0.1, 0, 0.1, 0.2].map((shift) => {
      const moved = ({ contour, iris }: typeof input.eyes.right) => {
        const width = Math.abs(contour[0] - contour[16]);
        return { contour, iris: iris.map((v, i) => i % 2 === 0 ? v + shift * width : v) };
      };
      const eyes = { right: moved(input.eyes.right), left: moved(input.eyes.left) };
      return measureFace({ ...input, eyes }).gazeYaw;
    });
    for (let i = 1; i < row.length; i++) expect(row[i]).toBeGreaterThan(row[i - 1] + 8);
  });
});

const SHUT = [
  'Duncan_Fletcher_0001',
  'Manuel_Pellegrini_0001',
  'Dan_LaCoutre_0001',
  'Allison_Searing_0001',
  'Gunter_Pleuger_0002',
  'Amanda_Bynes_0003',
  'Park_Jung_Sung_0001',
];
const OPEN = [
  'Abdullah_Gul_0013',
  'Abdullah_Gul_0014',
  'Aaron_Guiel_0001',
  'Adam_Scott_0001',
];
const lfw = (name: string) => `faces/lfw-view1/images/${name.slice(0, -5)}/${name}.jpg`;

describeWithData('eyes of press photographs', [...SHUT, ...OPEN].map(lfw), () => {
  test.each([...SHUT.map((name) => [name, 'CLOSED']), ...OPEN.map((name) => [name, 'OPEN'])])(
    'of %s are %s',
    async (name, status) => {
      const picture = await decodePicture(await Bun.file(sharedPath(lfw(name))).bytes());
      expect(eyesOpen((await qualityInput(picture)).eyes).eyesStatus).toBe(status as EyesStatus);
    },
  );
});
