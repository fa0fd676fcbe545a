import { describe, expect, test } from 'bun:test';
import { letterbox } from '../../../biometrics/align/affine.ts';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import { cropLength, sampleCrop } from '../../../biometrics/align/sample.ts';
import { networkEntry } from '../support/fake-pack.ts';
import { paint } from '../support/pictures.ts';

const checkerboard = paint(512, 512, (x, y) => (x + y) % 2 === 0 ? [255, 255, 255] : [0, 0, 0]);

describe('pyramid', () => {
  test.each([[1, 512], [1.99, 512], [2, 256], [3.99, 256], [4, 128], [16, 32], [1e9, 2]])(
    'at a scale of %d samples the level of side %d',
    (scale, side) => {
      const { picture, level } = new Pyramid(checkerboard).levelFor(scale);
      expect(picture.width).toBe(side);
      expect(picture.width * 2 ** level).toBe(512);
    },
  );

  test('turns a one-pixel checkerboard into flat grey instead of an alias', () => {
    const { input } = networkEntry('n', 'detector');
    for (const size of [256, 200, 100, 31, 8]) {
      const sized = { ...input, width: size, height: size, outside: 'edge' as const };
      const out = new Float32Array(cropLength(sized));
      sampleCrop(new Pyramid(checkerboard), letterbox(512, 512, size, size), sized, out);
      expect(Math.min(...out)).toBeGreaterThanOrEqual(127);
      expect(Math.max(...out)).toBeLessThanOrEqual(128);
    }
  });

  test('keeps positions: a smooth ramp has the same value at the same place on every level', () => {
    const ramp = paint(256, 256, (x) => [x, 255 - x, 7]);
    const { input } = networkEntry('n', 'detector');
    for (const size of [100, 50, 20, 10]) {
      const sized = { ...input, width: size, height: size };
      const m = letterbox(256, 256, size, size);
      const out = new Float32Array(cropLength(sized));
      sampleCrop(new Pyramid(ramp), m, sized, out);
      for (let u = 1; u < size - 1; u++) {
        const at = (Math.floor(size / 2) * size + u) * 3;
        expect(Math.abs(out[at] - (m[0] * u + m[2]))).toBeLessThan(1.01);
        expect(out[at + 2]).toBeCloseTo(7, 4);
      }
    }
  });
});
