import { expect, test } from 'bun:test';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import { scaleOf, transform } from '../../../biometrics/align/affine.ts';
import { cutFrame } from '../../../biometrics/portrait/cut.ts';
import { TOKEN_EYES, tokenFrame } from '../../../biometrics/portrait/token-frame.ts';
import { LEFT_EYE, MESH_POINTS, RIGHT_EYE } from '../../../biometrics/landmarks/mesh-topology.ts';
import { gradient, paint } from '../support/pictures.ts';

/** A mesh of which only the eyes are set: their middles, corners 10 pixels to both sides. */
function eyesAt(right: readonly [number, number], left: readonly [number, number]): Float32Array {
  const mesh = new Float32Array(3 * MESH_POINTS);
  for (const [[outer, inner], [x, y]] of [[RIGHT_EYE, right], [LEFT_EYE, left]] as const) {
    mesh.set([x - 10, y], 3 * outer);
    mesh.set([x + 10, y], 3 * inner);
  }
  return mesh;
}

test('the eyes come to the places of the standard, levelled and 120 pixels apart', () => {
  expect(TOKEN_EYES).toEqual([[179, 287], [299, 287]]);
  const right = [300, 420] as const, left = [380, 480] as const;
  const frame = tokenFrame(eyesAt(right, left));
  for (const [i, eye] of [right, left].entries()) {
    const [x, y] = transform(frame, ...TOKEN_EYES[i]);
    expect(x).toBeCloseTo(eye[0], 3);
    expect(y).toBeCloseTo(eye[1], 3);
  }
  expect(scaleOf(frame)).toBeCloseTo(100 / 120, 5);
});

test('says which share of the frame the picture does not cover', () => {
  const pyramid = new Pyramid(gradient(100, 80));
  expect(cutFrame(pyramid, [1, 0, 0, 0, 1, 0], 100, 80).outsideShare).toBe(0);
  // 25 columns left of the picture, 20 rows above it
  const cut = cutFrame(pyramid, [1, 0, -25, 0, 1, -20], 100, 80);
  expect(cut.outsideShare).toBeCloseTo(1 - 75 * 60 / (100 * 80), 10);
  expect(cut.inside[0]).toBe(0);
  expect(cut.inside[20 * 100 + 25]).toBe(1);
});

test('a frame of the picture itself gives the picture, and its edge beyond it', () => {
  const picture = paint(30, 20, (x, y) => [8 * x, 12 * y, (x * y) % 256]);
  const pyramid = new Pyramid(picture);
  expect(cutFrame(pyramid, [1, 0, 0, 0, 1, 0], 30, 20).picture).toEqual(picture);
  const { picture: moved } = cutFrame(pyramid, [1, 0, -5, 0, 1, 0], 30, 20);
  expect([...moved.data.subarray(0, 3)]).toEqual([...picture.data.subarray(0, 3)]);
});
