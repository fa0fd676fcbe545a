import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { fitHomography, project } from '../../../../biometrics/liveness/sequence/homography.ts';
import { seeded } from '../../support/crowd.ts';

const TILT = Float64Array.of(1.1, 0.2, 30, -0.1, 0.9, -12, 4e-4, -3e-4, 1);

function cloud(count: number, seed: number): Float64Array {
  const random = seeded(seed);
  return Float64Array.from({ length: 2 * count }, () => 200 + 150 * random());
}

function through(map: Float64Array, points: Float64Array): Float64Array {
  const out = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    out.set(project(map, points[i], points[i + 1]), i);
  }
  return out;
}

describe('homography', () => {
  test('of exact pairs is found exactly', () => {
    const from = cloud(12, 1), to = through(TILT, from);
    const found = through(fitHomography(from, to)!, from);
    found.forEach((value, i) => expect(value).toBeCloseTo(to[i], 6));
  });

  test('is not drawn away by a few wrong pairs', () => {
    const from = cloud(60, 2), to = through(TILT, from), spoilt = to.slice();
    for (let i = 0; i < 20; i++) spoilt[6 * i] += 40;
    const found = through(fitHomography(from, spoilt)!, from);
    found.forEach((value, i) => expect(Math.abs(value - to[i])).toBeLessThan(0.1));
  });

  test('does not exist for three points, points on a line, equal points and no numbers', () => {
    expect(fitHomography(cloud(3, 3), cloud(3, 3))).toBeUndefined();
    const line = Float64Array.from({ length: 20 }, (_, i) => i >> 1);
    expect(fitHomography(line, line)).toBeUndefined();
    expect(fitHomography(new Float64Array(20).fill(5), cloud(10, 4))).toBeUndefined();
    expect(fitHomography(cloud(10, 5).fill(NaN, 3, 4), cloud(10, 5))).toBeUndefined();
    expect(fitHomography(cloud(10, 6), cloud(9, 6))).toBeUndefined();
  });

  test('of any points is finite or absent', () => {
    const points = fc.array(fc.double(), { minLength: 16, maxLength: 16 });
    fc.assert(fc.property(points, points, (from, to) => {
      const map = fitHomography(Float64Array.from(from), Float64Array.from(to));
      expect(map === undefined || map.length === 9).toBe(true);
    }));
  });
});
