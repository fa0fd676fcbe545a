import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { NetworkInput } from '../../../models/mod.ts';
import { type Affine, scaleOf } from '../../../biometrics/align/affine.ts';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import { cropLength, mirrorCrop, sampleCrop } from '../../../biometrics/align/sample.ts';
import type { Picture } from '../../../biometrics/types.ts';
import { networkEntry } from '../support/fake-pack.ts';
import { noise, paint } from '../support/pictures.ts';

const picture = noise(37, 29, 5);

/** Halves by averaging 2 x 2, one value at a time. */
function halved(source: Picture): Picture {
  return paint(source.width >> 1, source.height >> 1, (x, y) => {
    const mean = [0, 1, 2].map((k) => {
      const at = (dx: number, dy: number) =>
        source.data[((2 * y + dy) * source.width + 2 * x + dx) * 3 + k];
      return Math.floor((at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1) + 2) / 4);
    });
    return [mean[0], mean[1], mean[2]];
  });
}

/** The same crop, written down as the definition says and without regard for speed. */
function slowCrop(source: Picture, m: Affine, input: NetworkInput): Float32Array {
  let level = source, shrink = 1;
  while (
    input.antialias !== false && scaleOf(m) / shrink >= 2 && level.width >= 4 && level.height >= 4
  ) {
    level = halved(level);
    shrink *= 2;
  }
  const pixel = (x: number, y: number, k: number): number => {
    const outside = x < 0 || y < 0 || x >= level.width || y >= level.height;
    if (outside && input.outside === 'black') return 0;
    const cx = Math.min(level.width - 1, Math.max(0, x));
    const cy = Math.min(level.height - 1, Math.max(0, y));
    return level.data[(cy * level.width + cx) * 3 + k];
  };
  const out = new Float32Array(cropLength(input));
  for (let v = 0; v < input.height; v++) {
    for (let u = 0; u < input.width; u++) {
      const x = (m[0] * u + m[1] * v + m[2] + 0.5) / shrink - 0.5;
      const y = (m[3] * u + m[4] * v + m[5] + 0.5) / shrink - 0.5;
      const x0 = Math.floor(x), y0 = Math.floor(y);
      for (let channel = 0; channel < 3; channel++) {
        const k = input.channels === 'RGB' ? channel : 2 - channel;
        const value = (1 - (x - x0)) * (1 - (y - y0)) * pixel(x0, y0, k) +
          (x - x0) * (1 - (y - y0)) * pixel(x0 + 1, y0, k) +
          (1 - (x - x0)) * (y - y0) * pixel(x0, y0 + 1, k) +
          (x - x0) * (y - y0) * pixel(x0 + 1, y0 + 1, k);
        const at = input.layout === 'NHWC'
          ? (v * input.width + u) * 3 + channel
          : (channel * input.height + v) * input.width + u;
        out[at] = (value - input.mean[channel]) * input.scale[channel];
      }
    }
  }
  return out;
}

const inputs: NetworkInput[] = (['NHWC', 'NCHW'] as const).flatMap((layout) =>
  (['RGB', 'BGR'] as const).flatMap((channels) =>
    (['black', 'edge'] as const).map((outside): NetworkInput => ({
      ...networkEntry('n', 'mesh').input,
      width: 11,
      height: 7,
      layout,
      channels,
      outside,
      mean: [10, 20, 30],
      scale: [0.5, 0.25, 0.125],
    }))
  )
);

const aliased: NetworkInput = { ...inputs[0], antialias: false };

describe('sampleCrop', () => {
  test('averages strong reductions unless the network wants them aliased', () => {
    const data = new Float32Array(cropLength(aliased)), smooth = data.slice();
    const m: Affine = [4, 0, 0, 0, 4, 0];
    sampleCrop(new Pyramid(picture), m, aliased, data);
    sampleCrop(new Pyramid(picture), m, inputs[0], smooth);
    expect(data).not.toEqual(smooth);
    // the first pixel is that of the picture, not a mean
    expect(data[0]).toBe((picture.data[0] - 10) * 0.5);
  });

  test.each([...inputs, aliased])(
    'equals the slow definition: $layout $channels, $outside outside',
    (input) => {
      fc.assert(
        fc.property(
          fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
          fc.double({ min: 0.2, max: 9, noNaN: true }),
          fc.double({ min: -60, max: 60, noNaN: true }),
          fc.double({ min: -60, max: 60, noNaN: true }),
          (turn, factor, dx, dy) => {
            const cos = Math.cos(turn) * factor, sin = Math.sin(turn) * factor;
            const m: Affine = [cos, -sin, dx, sin, cos, dy];
            const out = new Float32Array(cropLength(input) + 5).fill(-1);
            sampleCrop(new Pyramid(picture), m, input, out, 5);
            const wanted = slowCrop(picture, m, input);
            expect([...out.subarray(0, 5)]).toEqual([-1, -1, -1, -1, -1]);
            for (let i = 0; i < wanted.length; i++) {
              if (Math.abs(out[5 + i] - wanted[i]) > 1e-3) {
                throw new Error(`value ${i}: ${out[5 + i]}, the definition says ${wanted[i]}`);
              }
            }
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  test('copies the picture when nothing is to be changed', () => {
    const input = { ...inputs[0], width: 37, height: 29, mean: [0, 0, 0], scale: [1, 1, 1] };
    const out = new Float32Array(37 * 29 * 3);
    sampleCrop(new Pyramid(picture), [1, 0, 0, 0, 1, 0], input as NetworkInput, out);
    expect(Array.from(out)).toEqual(Array.from(picture.data));
  });
});

describe('mirrorCrop', () => {
  test.each(inputs.slice(0, 5))(
    'mirrors left and right, and twice is the crop again: $layout',
    (input) => {
      const length = cropLength(input);
      const data = new Float32Array(3 * length);
      for (let i = 0; i < length; i++) data[i] = i;
      mirrorCrop(input, data, 0, length);
      mirrorCrop(input, data, length, 2 * length);
      expect(data.subarray(2 * length)).toEqual(data.subarray(0, length));
      const [first, second] = input.layout === 'NHWC' ? [0, 3] : [0, 1];
      const mirrored = input.layout === 'NHWC' ? 3 * (input.width - 1) : input.width - 1;
      expect(data[length + first]).toBe(mirrored);
      expect(data[length + second]).toBe(mirrored - (input.layout === 'NHWC' ? 3 : 1));
    },
  );
});
