/** Separates the person from the background: a mask of probabilities over the whole picture. */
import { type Affine, letterbox } from '../align/affine.ts';
import type { Pyramid } from '../align/pyramid.ts';
import { cropLength, sampleCrop } from '../align/sample.ts';
import { FaceError } from '../errors.ts';
import type { RunnableNetwork } from '../runtime/network.ts';

export interface Foreground {
  /** Size of the mask in mask pixels. */
  readonly width: number;
  readonly height: number;
  /** Probability 0..1 that a mask pixel shows the person, row by row; outside the picture it means nothing. */
  readonly data: Float32Array;
  /** Mask pixel -> picture pixel: the picture fitted into the mask, aspect ratio kept. */
  readonly toPicture: Affine;
}

/**
 * @param network a network of task "segmentation" with output `mask` and a "frame" crop
 * @throws FaceError PACK_INCOMPLETE for another crop
 */
export async function segmentForeground(
  network: RunnableNetwork,
  pyramid: Pyramid,
): Promise<Foreground> {
  const { input, crop, id } = network.spec;
  if (crop.kind !== 'frame') {
    throw new FaceError('PACK_INCOMPLETE', `network ${id}: a segmentation needs a frame crop`);
  }
  const { width, height } = pyramid.picture;
  const toPicture = letterbox(width, height, input.width, input.height);
  const data = new Float32Array(cropLength(input));
  sampleCrop(pyramid, toPicture, input, data);
  const { mask } = await network.run(data, 1);
  return { width: input.width, height: input.height, data: mask, toPicture };
}

/**
 * Probability that the picture pixel (x, y) shows the person, 0..1, bilinear between mask pixels; the
 * nearest edge of the mask outside it.
 */
export function foregroundAt(mask: Foreground, x: number, y: number): number {
  const [step, , left, , , top] = mask.toPicture;
  const u = clamp((x - left) / step, mask.width - 1);
  const v = clamp((y - top) / step, mask.height - 1);
  const u0 = Math.min(Math.floor(u), Math.max(0, mask.width - 2));
  const v0 = Math.min(Math.floor(v), Math.max(0, mask.height - 2));
  const fu = u - u0, fv = v - v0;
  const at = v0 * mask.width + u0, below = at + mask.width;
  const upper = mask.data[at] * (1 - fu) + mask.data[at + 1] * fu;
  return upper * (1 - fv) + (mask.data[below] * (1 - fu) + mask.data[below + 1] * fu) * fv;
}

function clamp(value: number, last: number): number {
  return value < 0 ? 0 : value > last ? last : value;
}
