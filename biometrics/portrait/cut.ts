/** Cuts a turned and scaled frame out of a picture, and says which of its pixels the picture covers. */
import type { NetworkInput } from '../../models/mod.ts';
import type { Affine } from '../align/affine.ts';
import type { Pyramid } from '../align/pyramid.ts';
import { cropLength, sampleCrop } from '../align/sample.ts';
import type { Picture } from '../types.ts';

export interface Cut {
  /** Beyond the picture its edge is drawn out. */
  readonly picture: Picture;
  /** Per pixel 1 inside the picture, 0 outside. */
  readonly inside: Uint8Array;
  /** Share of the pixels that lie outside the picture, 0..1. */
  readonly outsideShare: number;
}

/** @param frame pixel of the cut -> pixel of the picture */
export function cutFrame(pyramid: Pyramid, frame: Affine, width: number, height: number): Cut {
  const input: NetworkInput = {
    name: 'cut',
    layout: 'NHWC',
    width,
    height,
    channels: 'RGB',
    mean: [0, 0, 0],
    scale: [1, 1, 1],
    batch: 1,
    outside: 'edge',
  };
  const colours = new Float32Array(cropLength(input));
  sampleCrop(pyramid, frame, input, colours);
  const inside = new Uint8Array(width * height);
  const [a, b, c, d, e, f] = frame;
  const right = pyramid.picture.width - 0.5, bottom = pyramid.picture.height - 0.5;
  let count = 0;
  for (let v = 0, at = 0; v < height; v++) {
    for (let u = 0; u < width; u++, at++) {
      const x = a * u + b * v + c, y = d * u + e * v + f;
      if (x < -0.5 || y < -0.5 || x >= right || y >= bottom) continue;
      inside[at] = 1;
      count++;
    }
  }
  const data = new Uint8Array(colours.length);
  for (let i = 0; i < data.length; i++) data[i] = colours[i] + 0.5;
  return {
    picture: { width, height, data },
    inside,
    outsideShare: 1 - count / inside.length,
  };
}
