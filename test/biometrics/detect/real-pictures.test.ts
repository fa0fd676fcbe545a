/** The detector of the default pack on photographs, and on collages of them. */
import { expect, test } from 'bun:test';
import '../../../server/core/native/libraries.ts';
import sharp from 'sharp';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import { decodePicture } from '../../../biometrics/image/mod.ts';
import type { DetectedFace, Picture } from '../../../biometrics/types.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { defaultDetector, photograph } from '../support/engine.ts';
import { collage, load, type Placed } from '../support/pictures.ts';

type Image = ReturnType<typeof sharp>;

const IMAGES = 'faces/lfw-view1/images';
/** In the deep-funneled pictures a detected face box is about this share of the side. */
const FACE_SHARE = 0.42;

const detect = async (picture: Picture) => (await defaultDetector()).detect(new Pyramid(picture));

/** Whether a face was found in the middle of a placed picture, about as large as it is there. */
function isFound(faces: readonly DetectedFace[], { left, top, side }: Placed): boolean {
  return faces.some(({ box }) =>
    Math.abs((box.left + box.right) / 2 - left - side / 2) < side / 5 &&
    Math.abs((box.top + box.bottom) / 2 - top - side / 2) < side / 5 &&
    (box.right - box.left) / side > FACE_SHARE / 2 &&
    (box.right - box.left) / side < FACE_SHARE * 1.7
  );
}

describeWithData('detector on photographs', [IMAGES], () => {
  const paths = [...new Bun.Glob('*/*_0001.jpg').scanSync(sharedPath(IMAGES))].sort()
    .filter((_, i) => i % 68 === 0).map((path) => sharedPath(`${IMAGES}/${path}`));

  test('finds the face in the middle of every picture', async () => {
    expect(paths.length).toBeGreaterThanOrEqual(40);
    for (const path of paths) {
      const faces = await detect(await load(path));
      if (!isFound(faces.slice(0, 1), { path, left: 0, top: 0, side: 250 })) throw new Error(path);
    }
  });

  test.each([30, 10, 5])(
    'finds faces of %d %% of the width, wherever they are',
    async (percent) => {
      const [width, height] = [1280, 960];
      const side = Math.round(width * percent / 100 / FACE_SHARE);
      const places = [
        [0, 0],
        [width - side, height - side],
        [width - side - 20, 30],
        [Math.round(width * 0.4), Math.round((height - side) * 0.9)],
      ];
      for (const [i, [left, top]] of places.entries()) {
        const placed = { path: paths[i], left, top, side };
        const faces = await detect(await collage(width, height, [placed]));
        expect(faces.length).toBe(1);
        expect(isFound(faces, placed)).toBe(true);
      }
    },
  );

  test.each([
    [2, 2, 280],
    [4, 3, 280],
    [4, 3, 200],
  ])('finds all of %d x %d faces in pictures of %d pixels', async (columns, rows, side) => {
    const placed = Array.from({ length: columns * rows }, (_, i) => ({
      path: paths[i],
      left: Math.round((i % columns + 0.5) * 1280 / columns - side / 2),
      top: Math.round((Math.floor(i / columns) + 0.5) * 960 / rows - side / 2),
      side,
    }));
    const faces = await detect(await collage(1280, 960, placed));
    expect(faces.length).toBe(placed.length);
    for (const place of placed) expect(isFound(faces, place)).toBe(true);
  });

  test('takes the large face in the middle for the subject, not the bystanders', async () => {
    const subject = { path: paths[0], left: 440, top: 200, side: 500 };
    const bystanders = [0, 1080].map((left, i) => ({
      path: paths[i + 1],
      left,
      top: 300,
      side: 200,
    }));
    const faces = await detect(await collage(1280, 960, [...bystanders, subject]));
    expect(faces.length).toBe(3);
    expect(isFound(faces.slice(0, 1), subject)).toBe(true);
  });

  test('finds faces that fill the picture from edge to edge', async () => {
    for (const path of paths.slice(0, 12)) {
      const tight = await sharp(path).extract({ left: 75, top: 75, width: 100, height: 100 })
        .resize(400).png().toBuffer();
      const [face] = await detect(await load(tight));
      expect(face).toBeDefined();
      expect(face.box.right - face.box.left).toBeGreaterThan(200);
    }
  });
});

test('EXIF orientations 1 to 8 give the same faces', async () => {
  const upright = await sharp(photograph(1)).resize(640).png().toBuffer();
  /** What undoes the turn that each orientation asks a viewer for (EXIF 2.32, 4.6.4.A, Orientation). */
  const stored: Record<number, (image: Image) => Image> = {
    1: (image) => image,
    2: (image) => image.flop(),
    3: (image) => image.rotate(180),
    4: (image) => image.flip(),
    5: (image) => image.flop().rotate(270),
    6: (image) => image.rotate(270),
    7: (image) => image.flop().rotate(90),
    8: (image) => image.rotate(90),
  };
  const reference = await detect(await decodePicture(new Uint8Array(upright)));
  expect(reference.length).toBe(3);
  for (const [orientation, turn] of Object.entries(stored)) {
    const turned = await turn(sharp(upright)).png().toBuffer();
    const file = await sharp(turned).withMetadata({ orientation: Number(orientation) }).png()
      .toBuffer();
    const faces = await detect(await decodePicture(new Uint8Array(file)));
    expect(faces).toEqual(reference);
  }
});
