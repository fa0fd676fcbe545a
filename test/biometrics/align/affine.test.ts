import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  fitSimilarity,
  letterbox,
  type Point,
  scaleOf,
  squareRegion,
  transform,
} from '../../../biometrics/align/affine.ts';

const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
const scale = fc.double({ min: 0.1, max: 20, noNaN: true });

describe('fitSimilarity', () => {
  test('recovers a turn, scale and shift from the points it moved', () => {
    fc.assert(fc.property(
      fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 8 }),
      angle,
      scale,
      coordinate,
      coordinate,
      (points: Point[], turn, factor, dx, dy) => {
        const spread = Math.max(
          ...points.map(([x, y]) => Math.hypot(x - points[0][0], y - points[0][1])),
        );
        fc.pre(spread > 1);
        const cos = Math.cos(turn) * factor, sin = Math.sin(turn) * factor;
        const wanted = [cos, -sin, dx, sin, cos, dy] as const;
        const moved = points.map(([u, v]) => transform(wanted, u, v));
        const found = fitSimilarity(points, moved);
        for (const [u, v] of points) {
          const [x, y] = transform(found, u, v), [wx, wy] = transform(wanted, u, v);
          expect(Math.hypot(x - wx, y - wy)).toBeLessThan(1e-6);
        }
        expect(scaleOf(found)).toBeCloseTo(factor, 6);
      },
    ));
  });

  test('never mirrors, and beats nearby similarities on points that no similarity fits', () => {
    const crop: Point[] = [[0, 0], [10, 0], [0, 10], [7, 9]];
    const picture: Point[] = [[1, 2], [-9, 3], [2, 11], [-5, 12]];
    const found = fitSimilarity(crop, picture);
    expect(found[0] * found[4] - found[1] * found[3]).toBeGreaterThan(0);
    const error = (m: typeof found) =>
      crop.reduce((sum, [u, v], i) => {
        const [x, y] = transform(m, u, v);
        return sum + (x - picture[i][0]) ** 2 + (y - picture[i][1]) ** 2;
      }, 0);
    const [a, , c, b, , f] = found;
    for (
      const [da, db, dc, df] of [[1e-3, 0, 0, 0], [0, 1e-3, 0, 0], [0, 0, 1e-2, 0], [0, 0, 0, 1e-2]]
    ) {
      for (const sign of [1, -1]) {
        const [pa, pb] = [a + sign * da, b + sign * db];
        expect(error([pa, -pb, c + sign * dc, pb, pa, f + sign * df])).toBeGreaterThan(
          error(found),
        );
      }
    }
  });
});

describe('squareRegion', () => {
  test('puts the crop middle on the centre, and one side length between opposite edges', () => {
    fc.assert(fc.property(coordinate, coordinate, scale, angle, (x, y, factor, turn) => {
      const size = 64, side = 64 * factor;
      const m = squareRegion([x, y], side, turn, size);
      const [mx, my] = transform(m, (size - 1) / 2, (size - 1) / 2);
      expect(Math.hypot(mx - x, my - y)).toBeLessThan(1e-6);
      const left = transform(m, -0.5, 10), right = transform(m, size - 0.5, 10);
      expect(Math.hypot(right[0] - left[0], right[1] - left[1])).toBeCloseTo(side, 6);
      const direction = Math.atan2(right[1] - left[1], right[0] - left[0]);
      expect(Math.cos(direction - turn)).toBeCloseTo(1, 9);
    }));
  });
});

describe('letterbox', () => {
  test.each([[640, 480], [480, 640], [100, 100], [1280, 31]])(
    'fits %d x %d into the crop, centred, keeping its shape',
    (width, height) => {
      const [cropWidth, cropHeight] = [256, 128];
      const m = letterbox(width, height, cropWidth, cropHeight);
      const [left, top] = transform(m, -0.5, -0.5);
      const [right, bottom] = transform(m, cropWidth - 0.5, cropHeight - 0.5);
      // Picture edges lie at -0.5 and size - 0.5; margins are equal and one pair is zero.
      const margins = [-0.5 - left, right - (width - 0.5), -0.5 - top, bottom - (height - 0.5)];
      expect(margins[0]).toBeCloseTo(margins[1], 6);
      expect(margins[2]).toBeCloseTo(margins[3], 6);
      expect(Math.min(margins[0], margins[2])).toBeCloseTo(0, 6);
      expect(Math.max(margins[0], margins[2])).toBeGreaterThanOrEqual(0);
      expect(m[0]).toBe(m[4]);
    },
  );
});
