/** Portraits of one person each, cut from the photographs, and everything a quality measure needs of a picture. */
import './engine.ts';
import sharp from 'sharp';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import { decodePicture } from '../../../biometrics/image/mod.ts';
import { refineEyes } from '../../../biometrics/landmarks/iris.ts';
import { createFaceLocator } from '../../../biometrics/locate.ts';
import type { QualityInput } from '../../../biometrics/quality/mod.ts';
import { createOnnxLoader } from '../../../biometrics/runtime/network.ts';
import { segmentForeground } from '../../../biometrics/segment/foreground.ts';
import type { Picture } from '../../../biometrics/types.ts';
import { defaultPack, photograph } from './engine.ts';

async function openNetworks() {
  const pack = await defaultPack(), loader = createOnnxLoader(pack);
  return {
    locator: await createFaceLocator(pack, loader),
    iris: await loader.load('iris'),
    segmentation: await loader.load('selfie-segmentation'),
  };
}

let networks: ReturnType<typeof openNetworks> | undefined;

/** Finds the face of a picture, its eyes and its foreground. */
export async function qualityInput(picture: Picture): Promise<QualityInput> {
  const { locator, iris, segmentation } = await (networks ??= openNetworks());
  const { scene } = await locator.locate(picture);
  return {
    scene,
    eyes: await refineEyes(iris, scene.pyramid, scene.mesh),
    foreground: await segmentForeground(segmentation, scene.pyramid),
  };
}

/** Photographs whose most prominent person has open eyes. */
const PHOTOGRAPHS = [3, 5, 6];

let cut: Promise<Picture[]> | undefined;

/** Pictures with head and shoulders of one person each, 480 pixels wide. */
export function portraits(): Promise<Picture[]> {
  return cut ??= cutPortraits();
}

/** One after the other, as a network serves one call at a time. */
async function cutPortraits(): Promise<Picture[]> {
  const pictures: Picture[] = [];
  const { locator } = await (networks ??= openNetworks());
  for (const number of PHOTOGRAPHS) {
    const picture = await decodePicture(await Bun.file(photograph(number)).bytes());
    const { box } = (await locator.locate(picture)).scene.faces[0];
    const side = 2 * (box.right - box.left);
    const left = Math.max(0, Math.round((box.left + box.right - side) / 2));
    const top = Math.max(0, Math.round((box.top + box.bottom) / 2 - 0.55 * side));
    const bytes = await sharp(photograph(number)).extract({
      left,
      top,
      width: Math.min(picture.width - left, Math.round(side)),
      height: Math.min(picture.height - top, Math.round(1.25 * side)),
    }).resize({ width: 480 }).png().toBuffer();
    pictures.push(await decodePicture(new Uint8Array(bytes)));
  }
  return pictures;
}

/** A copy with every pixel changed by a function of its channels and place. */
export function repaint(
  picture: Picture,
  change: (value: number, x: number, y: number, channel: number) => number,
): Picture {
  const data = new Uint8Array(picture.data.length);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    const value = change(
      picture.data[i],
      pixel % picture.width,
      Math.floor(pixel / picture.width),
      i % 3,
    );
    data[i] = Math.max(0, Math.min(255, Math.round(value)));
  }
  return { ...picture, data };
}

/** A copy blurred by a Gaussian of this standard deviation in pixels. */
export async function blurred({ width, height, data }: Picture, sigma: number): Promise<Picture> {
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  return { width, height, data: new Uint8Array(await image.blur(sigma).raw().toBuffer()) };
}

/** The same face and mesh in other pixels: for measures of pixels alone, without running networks again. */
export function withPixels(input: QualityInput, picture: Picture): QualityInput {
  return { ...input, scene: { ...input.scene, pyramid: new Pyramid(picture) } };
}
