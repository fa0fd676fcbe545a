import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { letterbox, transform } from '../../../biometrics/align/affine.ts';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import { meanBackground, replaceBackground } from '../../../biometrics/portrait/background.ts';
import { boxBlur } from '../../../biometrics/portrait/box-blur.ts';
import type { Colour } from '../../../biometrics/portrait/colour.ts';
import { keepConnected } from '../../../biometrics/portrait/connected.ts';
import { guidedFilter } from '../../../biometrics/portrait/guided-filter.ts';
import { matte } from '../../../biometrics/portrait/matte.ts';
import type { Foreground } from '../../../biometrics/segment/foreground.ts';
import type { Picture } from '../../../biometrics/types.ts';
import { paint } from '../support/pictures.ts';

const WIDTH = 240, HEIGHT = 320, MASK = 128;

/** A head and shoulders with an edge `softness` pixels wide: share of the person at (x, y). */
function shape(x: number, y: number, softness: number): number {
  const head = 1 - Math.hypot((x - 120) / 65, (y - 130) / 85);
  const shoulders = 1 - Math.hypot((x - 120) / 110, (y - 320) / 100);
  const distance = Math.max(head * 65, shoulders * 100);
  return Math.max(0, Math.min(1, distance / softness + 0.5));
}

const person = (x: number, y: number): Colour => [
  150 + 40 * Math.sin(x / 7),
  90 + 30 * Math.sin(y / 9),
  60 + 20 * Math.sin((x + y) / 5),
];

/** A person of known alpha in front of a background; the mask is coarser by 2.5, as that of a portrait is. */
function composite(background: (x: number, y: number) => Colour, softness: number) {
  const alpha = new Float32Array(WIDTH * HEIGHT);
  const over = (behind: (x: number, y: number) => Colour) =>
    paint(WIDTH, HEIGHT, (x, y) => {
      const share = shape(x, y, softness), own = person(x, y), other = behind(x, y);
      alpha[y * WIDTH + x] = share;
      const mix = (i: number) => Math.round(share * own[i] + (1 - share) * other[i]);
      return [mix(0), mix(1), mix(2)];
    });
  const toPicture = letterbox(WIDTH, HEIGHT, MASK, MASK);
  const data = new Float32Array(MASK * MASK);
  for (let v = 0; v < MASK; v++) {
    for (let u = 0; u < MASK; u++) {
      const [x, y] = transform(toPicture, u, v);
      data[v * MASK + u] = shape(x, y, softness);
    }
  }
  const mask: Foreground = { width: MASK, height: MASK, data, toPicture };
  return { picture: over(background), over, mask, alpha };
}

/** Mean and largest difference per channel over the pixels that a test chooses. */
function difference(a: Picture, b: Picture, chosen: (pixel: number) => boolean) {
  let sum = 0, count = 0, largest = 0;
  for (let i = 0; i < a.data.length; i++) {
    if (!chosen(Math.floor(i / 3))) continue;
    const error = Math.abs(a.data[i] - b.data[i]);
    sum += error;
    count++;
    largest = Math.max(largest, error);
  }
  return { mean: sum / count, largest };
}

describe('background of one colour', () => {
  const blue = (x: number, y: number): Colour => [20, 60 + 40 * Math.sin((x + 2 * y) / 40), 220];
  const white: Colour = [255, 255, 255];

  test('with the true alpha, soft edges lose the old background', () => {
    const { picture, over, alpha } = composite(blue, 6);
    const truth = over(() => white);
    const edge = (i: number) => alpha[i] > 0.02 && alpha[i] < 0.98;
    const ours = difference(replaceBackground(picture, alpha, white), truth, edge);
    // the same alpha without the person's own colours: the blue shines through
    const naive = paint(WIDTH, HEIGHT, (x, y) => {
      const i = y * WIDTH + x;
      const mix = (channel: number) =>
        Math.round(alpha[i] * picture.data[3 * i + channel] + (1 - alpha[i]) * white[channel]);
      return [mix(0), mix(1), mix(2)];
    });
    expect(ours.mean).toBeLessThan(4);
    expect(difference(naive, truth, edge).mean).toBeGreaterThan(3 * ours.mean);
  });

  for (const softness of [1, 4, 8]) {
    test(`from a coarse mask, an edge of ${softness} pixels stays where it is`, () => {
      const { picture, over, mask, alpha } = composite(blue, softness);
      const found = matte(new Pyramid(picture), mask);
      const truth = over(() => white);
      const result = replaceBackground(picture, found, white);
      const near = new Float32Array(alpha.length);
      for (let y = 0; y < HEIGHT; y++) {
        for (let x = 0; x < WIDTH; x++) near[y * WIDTH + x] = shape(x, y, softness + 16);
      }
      const edge = (i: number) => near[i] > 0 && near[i] < 1;
      // measured 5 to 12: the matte cuts the outer half of a soft edge off, so that no fringe stays
      expect(difference(result, truth, edge).mean).toBeLessThan(14);
      expect(difference(result, truth, (i) => !edge(i)).largest).toBeLessThanOrEqual(2);
    });
  }

  test('the mean colour is that of the background alone', () => {
    const { picture, alpha } = composite(() => [10, 200, 30], 1);
    meanBackground(picture, alpha).forEach((value, i) =>
      expect(Math.abs(value - [10, 200, 30][i])).toBeLessThan(1)
    );
    expect(meanBackground(paint(8, 8, () => [5, 6, 7]), new Float32Array(64).fill(1)))
      .toEqual([5, 6, 7]);
  });
});

test('the box blur is the mean of the window that lies in the picture', () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(fc.property(size, size, fc.integer({ min: 0, max: 12 }), fc.nat(), (w, h, r, seed) => {
    const data = Float32Array.from({ length: w * h }, (_, i) => Math.sin(seed + i * i) * 50);
    const blurred = boxBlur(data, w, h, r);
    for (let i = 0; i < data.length; i++) {
      const x = i % w, y = Math.floor(i / w);
      const window = [...data].filter((_, k) =>
        Math.abs(k % w - x) <= r && Math.abs(Math.floor(k / w) - y) <= r
      );
      expect(blurred[i]).toBeCloseTo(window.reduce((a, b) => a + b) / window.length, 3);
    }
  }));
});

test('the guided filter moves the edge of a mask onto the edge of the picture', () => {
  const picture = paint(64, 16, (x) => x < 30 ? [200, 180, 160] : [20, 40, 90]);
  const late = Float32Array.from(
    { length: 64 * 16 },
    (_, i) => Math.max(0, Math.min(1, (34 - i % 64) / 8 + 0.5)),
  );
  const row = guidedFilter(picture, late, 8, 1e-4).subarray(8 * 64, 9 * 64);
  // the mask falls by an eighth a pixel
  expect(row[29] - row[30]).toBeGreaterThan(3 / 8);
  // where the picture is plain, the result is flatter than the mask
  expect(Math.abs(row[30] - row[33])).toBeLessThan(3 / 16);
});

test('parts of a mask that do not touch the person are taken away', () => {
  const rows = ['11.1', '.1.1', '.1..', '...1'];
  const alpha = Float32Array.from(rows.join(''), (cell) => cell === '1' ? 0.5 : 0);
  keepConnected(alpha, 4, [1, 1]);
  expect([...alpha].map((value) => value > 0 ? '1' : '.').join('')).toBe('11...1...1......');
  const none = Float32Array.of(0, 1);
  keepConnected(none, 2, [0, 0]);
  expect([...none]).toEqual([0, 1]);
});
