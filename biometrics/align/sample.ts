/** Cuts a crop out of a picture straight into a network's input tensor: bilinear, normalised, in its layout. */
import type { NetworkInput } from '../../models/mod.ts';
import { type Affine, scaleOf } from './affine.ts';
import type { Pyramid } from './pyramid.ts';

/** Numbers in one crop of `input`. */
export function cropLength(input: NetworkInput): number {
  return input.width * input.height * 3;
}

/**
 * Fills `out[offset ...]` with the crop that `m` describes.
 * @param m crop pixel -> picture pixel
 * @param input geometry, layout, channel order and normalisation of the tensor
 * @param out tensor data, at least `offset + cropLength(input)` long
 */
export function sampleCrop(
  pyramid: Pyramid,
  m: Affine,
  input: NetworkInput,
  out: Float32Array,
  offset = 0,
): void {
  const { picture, level } = pyramid.levelFor(input.antialias === false ? 1 : scaleOf(m));
  const shrink = 2 ** level;
  // Pixel centres: position x of the picture is (x + 0.5) / shrink - 0.5 of the level.
  const shift = 0.5 / shrink - 0.5;
  const a = m[0] / shrink, b = m[1] / shrink, c = m[2] / shrink + shift;
  const d = m[3] / shrink, e = m[4] / shrink, f = m[5] / shrink + shift;
  const { width, height, data } = picture;
  const row = width * 3;
  const planar = input.layout === 'NCHW';
  const pixelStep = planar ? 1 : 3;
  const channelStep = planar ? input.width * input.height : 1;
  const [red, green, blue] = input.channels === 'RGB' ? [0, 1, 2] : [2, 1, 0];
  const toRed = red * channelStep, toGreen = green * channelStep, toBlue = blue * channelStep;
  const redScale = input.scale[red], greenScale = input.scale[green], blueScale = input.scale[blue];
  const redBias = -input.mean[red] * redScale;
  const greenBias = -input.mean[green] * greenScale;
  const blueBias = -input.mean[blue] * blueScale;
  const edge = input.outside === 'edge';
  const lastX = width - 1, lastY = height - 1;

  let at = offset;
  for (let v = 0; v < input.height; v++) {
    const startX = b * v + c, startY = e * v + f;
    const [first, end] = insideSpan(input.width, a, startX, lastX, d, startY, lastY);
    for (let u = 0; u < input.width; u++, at += pixelStep) {
      if (u === first) {
        // All four neighbours exist: no test per pixel.
        for (; u < end; u++, at += pixelStep) {
          const x = a * u + startX, y = d * u + startY;
          const x0 = x | 0, y0 = y | 0;
          const fx = x - x0, fy = y - y0;
          const w11 = fx * fy, w10 = fx - w11, w01 = fy - w11, w00 = 1 - fx - w01;
          const p = y0 * row + x0 * 3, q = p + row;
          out[at + toRed] = redBias + redScale *
              (w00 * data[p] + w10 * data[p + 3] + w01 * data[q] + w11 * data[q + 3]);
          out[at + toGreen] = greenBias + greenScale *
              (w00 * data[p + 1] + w10 * data[p + 4] + w01 * data[q + 1] + w11 * data[q + 4]);
          out[at + toBlue] = blueBias + blueScale *
              (w00 * data[p + 2] + w10 * data[p + 5] + w01 * data[q + 2] + w11 * data[q + 5]);
        }
        if (u === input.width) break;
      }
      let x = a * u + startX, y = d * u + startY;
      if (!edge && (x <= -1 || y <= -1 || x >= width || y >= height)) {
        out[at + toRed] = redBias;
        out[at + toGreen] = greenBias;
        out[at + toBlue] = blueBias;
        continue;
      }
      if (edge) {
        x = x < 0 ? 0 : x > lastX ? lastX : x;
        y = y < 0 ? 0 : y > lastY ? lastY : y;
      }
      const x0 = Math.floor(x), y0 = Math.floor(y);
      const fx = x - x0, fy = y - y0;
      let r = 0, g = 0, bl = 0;
      for (let k = 0; k < 4; k++) {
        const px = x0 + (k & 1), py = y0 + (k >> 1);
        if (px < 0 || py < 0 || px > lastX || py > lastY) continue;
        const w = ((k & 1) ? fx : 1 - fx) * ((k >> 1) ? fy : 1 - fy);
        const p = py * row + px * 3;
        r += w * data[p];
        g += w * data[p + 1];
        bl += w * data[p + 2];
      }
      out[at + toRed] = redBias + redScale * r;
      out[at + toGreen] = greenBias + greenScale * g;
      out[at + toBlue] = blueBias + blueScale * bl;
    }
  }
}

/** The whole numbers u in [first, end) within 0..length for which both positions lie inside; may be empty. */
function insideSpan(
  length: number,
  stepX: number,
  startX: number,
  lastX: number,
  stepY: number,
  startY: number,
  lastY: number,
): [first: number, end: number] {
  let low = 0, high = length;
  for (const [step, start, last] of [[stepX, startX, lastX], [stepY, startY, lastY]]) {
    if (step === 0) {
      if (start < 0 || start >= last) return [-1, -1];
      continue;
    }
    const atZero = -start / step, atLast = (last - start) / step;
    // The margin keeps rounding from letting a position slip outside.
    low = Math.max(low, Math.min(atZero, atLast) + 1e-6);
    high = Math.min(high, Math.max(atZero, atLast) - 1e-6);
  }
  const first = Math.ceil(low), end = Math.ceil(high);
  return first < end ? [first, end] : [-1, -1];
}

/** Writes the left-right mirror image of the crop at `from` to `to`. */
export function mirrorCrop(
  input: NetworkInput,
  data: Float32Array,
  from: number,
  to: number,
): void {
  const { width, height } = input;
  if (input.layout === 'NCHW') {
    for (let row = 0; row < 3 * height * width; row += width) {
      for (let x = 0; x < width; x++) data[to + row + x] = data[from + row + width - 1 - x];
    }
    return;
  }
  for (let row = 0; row < 3 * height * width; row += 3 * width) {
    let source = from + row + 3 * (width - 1);
    for (let target = to + row; target < to + row + 3 * width; target += 3, source -= 3) {
      data[target] = data[source];
      data[target + 1] = data[source + 1];
      data[target + 2] = data[source + 2];
    }
  }
}
