import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { errorDiscard, genuinePairs } from '../../../biometrics/evaluate/error-discard.ts';

const unit = (angle: number) => Float32Array.of(Math.cos(angle), Math.sin(angle));
const faces = [
  { identity: 'a', vector: unit(0) },
  { identity: 'a', vector: unit(0.1) },
  { identity: 'a', vector: unit(1) },
  { identity: 'b', vector: unit(0) },
  { identity: 'b', vector: unit(0.2) },
  { identity: 'c', vector: unit(0) },
];

test('genuine pairs are those of one person, by similarity', () => {
  const pairs = genuinePairs(faces);
  expect(pairs.map(({ a, b, identity }) => [a, b, identity])).toEqual([
    [0, 1, 'a'],
    [0, 2, 'a'],
    [1, 2, 'a'],
    [3, 4, 'b'],
  ]);
  expect(pairs[1].similarity).toBeCloseTo(Math.cos(1), 6);
});

describe('error-versus-discard', () => {
  const pairs = genuinePairs(faces);

  test('counts every person the same and rejects the worst first', () => {
    // pairs of person a with the third picture do not match: 2 of 3
    const quality = [0.9, 0.8, 0.1, 0.7, 0.6, 0.5];
    const [all, five, half] = errorDiscard(quality, pairs, 0.9, [0, 1 / 6, 0.5]);
    expect(all).toMatchObject({ pairs: 4, nonMatches: 2 });
    expect(all.fnmr).toBeCloseTo((2 / 3 + 0) / 2, 10);
    expect(five).toMatchObject({ pairs: 2, nonMatches: 0, fnmr: 0, minQuality: 0.5 });
    expect(half).toMatchObject({ pairs: 1, nonMatches: 0, minQuality: 0.7 });
  });

  test('rises when quality is upside down', () => {
    const worst = [-0.9, -0.8, -0.1, -0.7, -0.6, -0.5];
    const [all, some] = errorDiscard(worst, pairs, 0.9, [0, 1 / 6]);
    expect(some.fnmr).toBeGreaterThan(all.fnmr);
  });

  test('never counts more pairs when more is rejected', () => {
    fc.assert(fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
      (quality) => {
        const points = errorDiscard(quality, pairs, 0.9, [0, 0.2, 0.4, 0.6, 0.8, 1]);
        points.forEach((point, i) => {
          expect(point.nonMatches).toBeLessThanOrEqual(point.pairs);
          if (i > 0) expect(point.pairs).toBeLessThanOrEqual(points[i - 1].pairs);
        });
      },
    ));
  });
});
