/**
 * Spoils pictures in known ways, so that a quality score can be shown to notice: the usual faults of
 * captures, each from barely visible (severity 0) to hardly recognisable (1). Repeatable.
 */
import { decodePicture } from '../image/decode.ts';
import { encodeJpeg } from '../image/encode.ts';
import { boxBlur } from '../portrait/box-blur.ts';
import type { Box, Picture } from '../types.ts';

export const FAULTS = [
  'blur',
  'low-resolution',
  'noise',
  'dark',
  'bright',
  'flat',
  'covered',
  'compressed',
] as const;
export type Fault = typeof FAULTS[number];

/** Width of the face, in the pixels that are left, of the fault "low-resolution". */
export function reducedFaceWidth(severity: number): number {
  return 60 - 46 * severity;
}

/**
 * @param face box of the face; blur, resolution and cover are in proportion to it
 * @param severity 0..1
 */
export async function degrade(
  picture: Picture,
  face: Box,
  fault: Fault,
  severity: number,
  random: () => number,
): Promise<Picture> {
  const faceWidth = Math.max(1, face.right - face.left);
  const between = (least: number, most: number) => least + (most - least) * severity;
  switch (fault) {
    case 'blur':
      return blurred(picture, between(0.01, 0.08) * faceWidth);
    case 'low-resolution':
      return coarse(picture, faceWidth / reducedFaceWidth(severity));
    case 'noise': {
      // the sum of three even numbers is close enough to a normal one
      const spread = 2 * between(8, 70);
      return perPixel(
        picture,
        (value) => value + spread * (random() + random() + random() - 1.5),
      );
    }
    case 'dark': {
      // little light: the sensor's own noise stays
      const gain = between(0.6, 0.05);
      return perPixel(picture, (value) => gain * value + 8 * (random() - 0.5));
    }
    case 'bright':
      return perPixel(picture, (value) => between(1.2, 3.5) * value + between(0, 60));
    case 'flat': {
      const contrast = between(0.5, 0.06);
      return perPixel(picture, (value) => 128 + contrast * (value - 128));
    }
    case 'covered':
      return covered(picture, face, between(0.25, 0.75), random);
    case 'compressed':
      return await decodePicture(await encodeJpeg(picture, Math.round(between(20, 3))));
  }
}

function perPixel(picture: Picture, change: (value: number) => number): Picture {
  const data = picture.data.slice();
  for (let i = 0; i < data.length; i++) data[i] = Math.max(0, Math.min(255, change(data[i])));
  return { ...picture, data };
}

/** Three box blurs are close to a Gaussian of the deviation `sigma`, pixels. */
function blurred(picture: Picture, sigma: number): Picture {
  const radius = Math.max(1, Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2));
  const { width, height } = picture;
  const data = new Uint8Array(picture.data.length);
  for (let channel = 0; channel < 3; channel++) {
    let plane: Float32Array = Float32Array.from(
      { length: width * height },
      (_, i) => picture.data[3 * i + channel],
    );
    for (let pass = 0; pass < 3; pass++) plane = boxBlur(plane, width, height, radius);
    for (let i = 0; i < plane.length; i++) data[3 * i + channel] = plane[i] + 0.5;
  }
  return { width, height, data };
}

/** As if taken with pixels `step` times as large, shown smooth. */
function coarse(picture: Picture, step: number): Picture {
  const radius = Math.max(1, Math.round(step / 2));
  const soft = blurred(picture, radius);
  const { width, height } = picture;
  const data = new Uint8Array(picture.data.length);
  const cell = Math.max(1, Math.round(step));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = Math.min(width - 1, Math.floor(x / cell) * cell + (cell >> 1));
      const fromY = Math.min(height - 1, Math.floor(y / cell) * cell + (cell >> 1));
      const from = 3 * (fromY * width + fromX);
      data.set(soft.data.subarray(from, from + 3), 3 * (y * width + x));
    }
  }
  return blurred({ width, height, data }, cell / 3);
}

/** A plain rectangle over part of the face. */
function covered(picture: Picture, face: Box, share: number, random: () => number): Picture {
  const width = (face.right - face.left) * share, height = (face.bottom - face.top) * share;
  const left = Math.round(face.left + random() * (face.right - face.left - width));
  const top = Math.round(face.top + random() * (face.bottom - face.top - height));
  const colour = [random() * 255, random() * 255, random() * 255];
  const data = picture.data.slice();
  for (let y = Math.max(0, top); y < Math.min(picture.height, top + height); y++) {
    for (let x = Math.max(0, left); x < Math.min(picture.width, left + width); x++) {
      data.set(colour, 3 * (y * picture.width + x));
    }
  }
  return { ...picture, data };
}
