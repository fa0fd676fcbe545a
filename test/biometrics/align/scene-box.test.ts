import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { transform } from '../../../biometrics/align/affine.ts';
import { boundsOf, enlargementWithin, sceneBox } from '../../../biometrics/align/scene-box.ts';

const picture = { width: 200, height: 100 };
const crop = { width: 10, height: 10 };

/** Edges of the region a crop shows: the outer edges of its outer pixels. */
function edges(m: ReturnType<typeof sceneBox>) {
  const [left, top] = transform(m, -0.5, -0.5);
  const [right, bottom] = transform(m, crop.width - 0.5, crop.height - 0.5);
  return [left, top, right, bottom].map((v) => Math.round(v * 1e6) / 1e6);
}

describe('sceneBox', () => {
  test('enlarges a box about its centre and keeps its proportions', () => {
    const box = { left: 90, top: 40, right: 110, bottom: 50 };
    expect(edges(sceneBox(box, 3, picture, crop))).toEqual([70, 30, 130, 60]);
  });

  test('shifts what reaches out of the picture back into it', () => {
    const box = { left: 10, top: 80, right: 30, bottom: 90 };
    expect(edges(sceneBox(box, 4, picture, crop))).toEqual([-0.5, 59.5, 79.5, 99.5]);
  });

  test('shrinks what is larger than the picture', () => {
    const box = { left: 100, top: 20, right: 150, bottom: 70 };
    expect(enlargementWithin(box, 4, picture)).toBe(2);
    expect(edges(sceneBox(box, 4, picture, crop))).toEqual([75, -0.5, 175, 99.5]);
  });

  test('of a box larger than the picture shows a part of it', () => {
    const box = { left: -50, top: -50, right: 250, bottom: 250 };
    expect(edges(sceneBox(box, 4, picture, crop))).toEqual([50, -0.5, 150, 99.5]);
  });

  test('always lies inside the picture', () => {
    const place = fc.integer({ min: -50, max: 250 }), size = fc.integer({ min: 1, max: 300 });
    const scale = fc.double({ min: 0.5, max: 8, noNaN: true });
    fc.assert(fc.property(place, place, size, size, scale, (left, top, width, height, by) => {
      const box = { left, top, right: left + width, bottom: top + height };
      const [l, t, r, b] = edges(sceneBox(box, by, picture, crop));
      expect(Math.min(l, t)).toBeGreaterThanOrEqual(-0.5);
      expect(r).toBeLessThanOrEqual(picture.width - 0.5);
      expect(b).toBeLessThanOrEqual(picture.height - 0.5);
      expect((r - l) * height).toBeCloseTo((b - t) * width, 2);
    }));
  });
});

test('boundsOf spans all points and forgets their depth', () => {
  const points = Float32Array.of(1, 2, 99, -3, 8, -99, 4, 5, 0);
  expect(boundsOf(points)).toEqual({ left: -3, top: 2, right: 4, bottom: 8 });
});
