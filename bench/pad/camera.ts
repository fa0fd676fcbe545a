/**
 * The camera that every presentation passes, bona fide or attack, so that "was rendered" tells nothing:
 * lens blur, white balance and exposure, a Bayer mosaic with shot and read noise (Foi et al. 2008),
 * bilinear demosaicing, tone curve, in-camera smoothing and sharpening, optional reduction, JPEG.
 */
import sharp from 'sharp';
import type { Dice } from './dice.ts';
import { blur, type Raster, toSrgb } from './raster.ts';

/** Light that reaches the frame at capture position (x, y), averaged over one pixel. */
export type Light = (x: number, y: number, out: Float32Array) => void;

export interface CameraSettings {
  /** Sensor pixels. */
  readonly width: number;
  readonly height: number;
  /** Size of the file; smaller than the sensor when the picture was reduced. */
  readonly outWidth: number;
  readonly outHeight: number;
  /** Standard deviation of the lens and focus blur, sensor pixels. */
  readonly blur: number;
  readonly exposure: number;
  /** Gains of red and blue over green. */
  readonly red: number;
  readonly blue: number;
  /** Noise variance = shot x light + read squared, light 0..1. */
  readonly shot: number;
  readonly read: number;
  /** Share of a 3x3 mean mixed in against noise. */
  readonly smoothing: number;
  /** Unsharp mask, 0 = none. */
  readonly sharpening: number;
  /** Slope of the tone curve in the middle, 1 = plain sRGB. */
  readonly contrast: number;
  readonly saturation: number;
  /** libjpeg quality. */
  readonly quality: number;
}

/** Sizes that LFW's own pictures, browsers' cameras and phones give. */
const SIZES: readonly (readonly [width: number, height: number])[] = [
  [250, 250],
  [250, 250],
  [240, 320],
  [320, 320],
  [360, 480],
  [480, 640],
  [640, 480],
];

/** A camera out of realistic ranges; bona fide and attacks draw from the same. */
export function drawCamera(dice: Dice): CameraSettings {
  const [outWidth, outHeight] = dice.pick(SIZES);
  // Small files are mostly reductions of larger captures, which takes away most of the noise: the press
  // photos that bona fide originals come from are such files, so attacks must be as well.
  const reduce = outWidth < 400
    ? dice.chance(0.75) ? dice.range(1.3, 2.6) : 1
    : dice.chance(0.4)
    ? dice.range(1.2, 1.6)
    : 1;
  const even = (v: number) => 2 * Math.round(v / 2);
  return {
    width: even(outWidth * reduce),
    height: even(outHeight * reduce),
    outWidth,
    outHeight,
    blur: dice.range(0.3, 1) * Math.sqrt(reduce),
    exposure: Math.exp(0.18 * dice.normal()),
    red: Math.exp(0.05 * dice.normal()),
    blue: Math.exp(0.06 * dice.normal()),
    shot: 10 ** dice.range(-5, -3.2),
    read: 10 ** dice.range(-3.6, -2.5),
    smoothing: dice.range(0, 0.7),
    sharpening: dice.chance(0.6) ? dice.range(0.1, 0.9) : 0,
    contrast: dice.range(0.95, 1.2),
    saturation: dice.range(0.85, 1.15),
    quality: Math.round(dice.range(72, 97)),
  };
}

/** @returns a JPEG file */
export async function capture(
  light: Light,
  camera: CameraSettings,
  dice: Dice,
): Promise<Uint8Array> {
  const { width, height } = camera;
  const seen = blur(expose(light, width, height), camera.blur);
  const developed = develop(demosaic(mosaic(seen, camera, dice), width, height), camera);
  const pixels = toBytes(developed, camera);
  let picture = sharp(pixels, { raw: { width, height, channels: 3 } });
  if (camera.outWidth !== width) {
    picture = picture.resize(camera.outWidth, camera.outHeight, { fit: 'fill' });
  }
  return new Uint8Array(await picture.jpeg({ quality: camera.quality }).toBuffer());
}

function expose(light: Light, width: number, height: number): Raster {
  const data = new Float32Array(3 * width * height), out = new Float32Array(3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      light(x, y, out);
      data[at] = out[0];
      data[at + 1] = out[1];
      data[at + 2] = out[2];
    }
  }
  return { width, height, data };
}

/** One noisy value per pixel: red, green, green, blue in blocks of 2x2 (Bayer). */
function mosaic({ width, height, data }: Raster, camera: CameraSettings, dice: Dice): Float32Array {
  const normal = dice.normals();
  const gains = [camera.red * camera.exposure, camera.exposure, camera.blue * camera.exposure];
  const out = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const c = (y & 1) + (x & 1);
      const v = data[3 * i + c] * gains[c];
      const sigma = Math.sqrt(camera.shot * v + camera.read * camera.read);
      out[i] = Math.min(1, Math.max(0, v + sigma * normal()));
    }
  }
  return out;
}

/** Every channel is averaged from its nearest samples (bilinear demosaicing). */
function demosaic(values: Float32Array, width: number, height: number): Raster {
  const data = new Float32Array(3 * width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const up = y > 0 ? -width : width, down = y < height - 1 ? width : -width;
    for (let x = 0; x < width; x++, i++) {
      const left = x > 0 ? -1 : 1, right = x < width - 1 ? 1 : -1;
      const own = values[i];
      const across = (values[i + left] + values[i + right]) / 2;
      const along = (values[i + up] + values[i + down]) / 2;
      const kind = 2 * (y & 1) + (x & 1);
      if (kind === 1 || kind === 2) {
        data[3 * i] = kind === 1 ? across : along;
        data[3 * i + 1] = own;
        data[3 * i + 2] = kind === 1 ? along : across;
      } else {
        const corner = (values[i + up + left] + values[i + up + right] +
          values[i + down + left] + values[i + down + right]) / 4;
        data[3 * i] = kind === 0 ? own : corner;
        data[3 * i + 1] = (across + along) / 2;
        data[3 * i + 2] = kind === 0 ? corner : own;
      }
    }
  }
  return { width, height, data };
}

/** Smoothing against noise, then an unsharp mask, as camera firmware does. */
function develop(raster: Raster, camera: CameraSettings): Raster {
  const soft = blur(raster, 0.8).data;
  let data = raster.data.map((v, i) => v + camera.smoothing * (soft[i] - v));
  if (camera.sharpening > 0) {
    const wide = blur({ ...raster, data }, 1.1).data;
    data = data.map((v, i) => v + camera.sharpening * (v - wide[i]));
  }
  return { ...raster, data };
}

/** Display value around which the tone curve turns. */
const MIDDLE = 0.45;

function toBytes({ data }: Raster, { contrast, saturation }: CameraSettings): Uint8Array {
  const out = new Uint8Array(data.length);
  const tone = (v: number) => MIDDLE + contrast * (Math.min(1, toSrgb(v)) - MIDDLE);
  for (let i = 0; i < data.length; i += 3) {
    const r = tone(data[i]), g = tone(data[i + 1]), b = tone(data[i + 2]);
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    out[i] = clamp(y + saturation * (r - y));
    out[i + 1] = clamp(y + saturation * (g - y));
    out[i + 2] = clamp(y + saturation * (b - y));
  }
  return out;
}

function clamp(v: number): number {
  return Math.max(0, Math.min(255, Math.round(255 * v)));
}
