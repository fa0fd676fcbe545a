/** Faces of LFW View 1 with objects painted before them, and how much of each part stays visible. */
import { readdir } from 'node:fs/promises';
import { decodePicture } from '../../biometrics/image/mod.ts';
import type { FaceLocator } from '../../biometrics/locate.ts';
import { facePatch } from '../../biometrics/quality/face-patch.ts';
import { type Region, regionPixels } from '../../biometrics/quality/regions.ts';
import type { FaceScene } from '../../biometrics/scene.ts';
import type { Picture } from '../../biometrics/types.ts';
import { seeded } from '../../test/biometrics/support/crowd.ts';
import { located } from '../located.ts';
import {
  covers,
  faceFrame,
  occlude,
  type Occluder,
  plain,
} from '../../test/biometrics/support/occlusion.ts';
import { sharedPath } from '../../test/support/shared-data.ts';

export const PARTS = [
  ['nose', 'nose'],
  ['mouth', 'mouth'],
  ['top', 'top'],
  ['bottom', 'bottom'],
  ['rightEye', 'eye'],
  ['leftEye', 'eye'],
  ['rightSide', 'side'],
  ['leftSide', 'side'],
] as const satisfies readonly (readonly [Region, string])[];

export interface Face {
  readonly name: string;
  readonly picture: Picture;
  readonly scene: FaceScene;
}

/**
 * One picture each of `count` people, spread over the alphabet.
 * @param half 0 for people to fit on, 1 for people to check on
 */
export async function* lfwFaces(
  locator: FaceLocator,
  half: 0 | 1,
  count: number,
): AsyncGenerator<Face> {
  const root = sharedPath('faces/lfw-view1/images');
  const people = (await readdir(root)).toSorted().filter((_, i) => i % 2 === half);
  const step = Math.max(1, people.length / count);
  for (let i = 0; i < Math.min(count, people.length); i++) {
    const name = people[Math.floor(i * step)];
    const [file] = (await readdir(`${root}/${name}`)).toSorted();
    const picture = await decodePicture(await Bun.file(`${root}/${name}/${file}`).bytes());
    const scene = await located(locator, picture);
    if (scene !== undefined) yield { name, picture, scene };
  }
}

/** Share of each of PARTS that the occluder leaves visible, 0..1, by the landmarks of the plain picture. */
export function visibleShares({ scene }: Face, occluder: Occluder): number[] {
  const patch = facePatch(scene), frame = faceFrame(scene.mesh);
  return PARTS.map(([region]) => {
    const { pixels } = regionPixels(patch, region);
    let visible = 0;
    for (const i of pixels) {
      const [x, y] = patch.toPicture(i % patch.width, Math.floor(i / patch.width));
      if (!covers(frame, occluder, x, y)) visible++;
    }
    return pixels.length === 0 ? 1 : visible / pixels.length;
  });
}

/** Draws repeatable random objects: plain, grey, the skin of someone else, parts of other pictures, stripes. */
export function randomOccluders(seed: number): (others: readonly Face[]) => Occluder {
  const draw = seeded(seed);
  const unit = () => (draw() + 1) / 2;
  return (others) => {
    const large = unit() < 0.3;
    return {
      shape: unit() < 0.5 ? 'box' : 'ellipse',
      x: 1.3 * draw(),
      y: -1 + 3 * unit(),
      halfWidth: large ? 0.7 + 0.8 * unit() : 0.25 + 0.5 * unit(),
      halfHeight: large ? 0.5 + 0.6 * unit() : 0.2 + 0.4 * unit(),
      turn: 0.5 * draw(),
      colour: randomColour(unit, others),
    };
  };
}

function randomColour(unit: () => number, others: readonly Face[]): Occluder['colour'] {
  const kind = unit();
  const one = [255 * unit(), 255 * unit(), 255 * unit()] as const;
  if (kind < 0.3) return plain(...one, 12 * unit());
  if (kind < 0.42) {
    const choice = unit();
    const grey = choice < 0.3 ? 30 * unit() : choice < 0.6 ? 220 + 35 * unit() : 255 * unit();
    return plain(grey, grey, grey, 12 * unit());
  }
  if (kind < 0.8 && others.length > 0) {
    const { picture, scene } = others[Math.floor(others.length * unit())];
    if (kind < 0.6) return plain(...cheek(picture, scene), 10 * unit());
    const left = Math.floor(picture.width * unit()), top = Math.floor(picture.height * unit());
    return (x, y) => pixelAt(picture, (x + left) % picture.width, (y + top) % picture.height);
  }
  const other = [255 * unit(), 255 * unit(), 255 * unit()] as const;
  const width = 2 + 12 * unit(), angle = 3 * unit(), isChecked = unit() < 0.5;
  const stripe = (along: number) => Math.floor(along / width) & 1;
  return (x, y) => {
    const u = stripe(x * Math.cos(angle) + y * Math.sin(angle));
    const v = isChecked ? stripe(y * Math.cos(angle) - x * Math.sin(angle)) : 0;
    return u === v ? one : other;
  };
}

/** Colour of the right cheek. */
export function cheek(picture: Picture, { mesh }: FaceScene): readonly [number, number, number] {
  const clamp = (value: number, size: number) => Math.max(0, Math.min(size - 1, Math.round(value)));
  return pixelAt(picture, clamp(mesh[150], picture.width), clamp(mesh[151], picture.height));
}

function pixelAt({ width, data }: Picture, x: number, y: number) {
  const at = 3 * (y * width + x);
  return [data[at], data[at + 1], data[at + 2]] as const;
}

/** The face with the occluder before it, found anew. */
export async function covered(
  locator: FaceLocator,
  { picture, scene }: Face,
  occluders: readonly Occluder[],
): Promise<FaceScene | undefined> {
  return await located(locator, occlude(picture, scene.mesh, occluders));
}
