import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { HEAD_MODEL } from '../../../biometrics/landmarks/head-model.ts';
import { headPose } from '../../../biometrics/landmarks/pose.ts';
import { seeded } from '../support/crowd.ts';
import { pitch, roll, type Turn, yaw } from '../support/head.ts';
import { portraits, qualityInput } from '../support/quality.ts';
import { renderTurned } from '../support/render-head.ts';

const SIZE = { width: 480, height: 640 };

/** The average head, turned and then put `place` millimetres before a camera of this focal length. */
function seen(turns: readonly Turn[], { focal = 768, place = [0, 0, 500], jitter = 0 } = {}) {
  const points = new Float32Array(468 * 3), next = seeded(7);
  for (const [i, ...point] of HEAD_MODEL) {
    const [x, y, z] = turns.reduce((turned, turn) => turn(turned), point);
    points[3 * i] = focal * (x + place[0]) / (z + place[2]) + 239.5 + jitter * next();
    points[3 * i + 1] = focal * (y + place[1]) / (z + place[2]) + 319.5 + jitter * next();
  }
  return points;
}

describe('head pose', () => {
  test('is zero for a head that looks along the axis of the camera, wherever it is', () => {
    for (const place of [[0, 0, 500], [120, -90, 600], [-200, 150, 2000]]) {
      const pose = headPose(seen([], { place }), SIZE);
      for (const angle of [pose.yaw, pose.pitch, pose.roll]) expect(angle).toBeCloseTo(0, 2);
      expect(pose.residual).toBeLessThan(1e-4);
    }
  });

  test.each([-60, -25, 10, 45])('tells a turn of %d degrees alone', (degrees) => {
    const cases = [
      [yaw(degrees), { yaw: degrees, pitch: 0, roll: 0 }],
      [pitch(degrees), { yaw: 0, pitch: degrees, roll: 0 }],
      [roll(degrees), { yaw: 0, pitch: 0, roll: degrees }],
    ] as const;
    for (const [turn, wanted] of cases) {
      const pose = headPose(seen([turn]), SIZE);
      expect(pose.yaw).toBeCloseTo(wanted.yaw, 2);
      expect(pose.pitch).toBeCloseTo(wanted.pitch, 2);
      expect(pose.roll).toBeCloseTo(wanted.roll, 2);
    }
  });

  test('gives perpendicular unit axes that turn with the head', () => {
    const turns = [yaw(20), pitch(-15), roll(40)];
    const { across, down, forward } = headPose(seen(turns), SIZE).axes;
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, i) => sum + value * b[i], 0);
    for (const axis of [across, down, forward]) expect(dot(axis, axis)).toBeCloseTo(1, 5);
    for (const pair of [[across, down], [down, forward], [forward, across]]) {
      expect(dot(pair[0], pair[1])).toBeCloseTo(0, 5);
    }
    const wanted = turns.reduce((v, turn) => turn(v), [0, 0, -1] as [number, number, number]);
    forward.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 3));
  });

  test('errs by less than 2 degrees with other lenses and landmarks that are 1 % of the face off', () => {
    for (const focal of [500, 768, 1600]) {
      for (const degrees of [-30, -10, 0, 15, 30]) {
        // the face is 145 mm wide; the same size in the picture whatever the lens
        const place = [0, 0, 500 * focal / 768];
        const pose = headPose(seen([yaw(degrees)], { focal, place, jitter: 2 }), SIZE);
        expect(Math.abs(pose.yaw - degrees)).toBeLessThan(2);
        expect(Math.abs(pose.pitch)).toBeLessThan(2);
        expect(Math.abs(pose.roll)).toBeLessThan(1);
      }
    }
  });

  test('is finite and within its ranges for landmarks that are no head', () => {
    const number = fc.oneof(
      fc.float({ min: -1e4, max: 1e4, noNaN: true }),
      fc.constantFrom(0, NaN, Infinity, 1e30),
    );
    const mesh = fc.oneof(
      number.map((value) => new Float32Array(468 * 3).fill(value)),
      fc.array(number, { minLength: 12, maxLength: 40 }).map((values) =>
        Float32Array.from({ length: 468 * 3 }, (_, i) => values[i % values.length])
      ),
    );
    fc.assert(fc.property(mesh, fc.integer({ min: 1, max: 4000 }), (points, side) => {
      const { yaw, pitch, roll, residual, axes } = headPose(points, { width: side, height: side });
      expect(Math.abs(yaw)).toBeLessThanOrEqual(180);
      expect(Math.abs(pitch)).toBeLessThanOrEqual(90);
      expect(Math.abs(roll)).toBeLessThanOrEqual(180);
      expect(residual).toBeGreaterThanOrEqual(0);
      expect(residual).toBeLessThanOrEqual(1);
      for (const axis of Object.values(axes)) {
        for (const value of axis) expect(Math.abs(value)).toBeLessThanOrEqual(1.00001);
      }
    }));
  });
});

describe('head pose of rendered heads', () => {
  test('follows a face that is turned by known angles', async () => {
    for (const portrait of await portraits()) {
      const { scene } = await qualityInput(portrait);
      const poseAt = async (yaw: number, pitch: number) => {
        const picture = renderTurned(portrait, scene.mesh, yaw, pitch);
        return headPose((await qualityInput(picture)).scene.mesh, picture);
      };
      const start = await poseAt(0, 0);
      const turn = start.yaw > 0 ? -15 : 15;
      const turned = await poseAt(turn, 0), raised = await poseAt(0, 12);
      expect(Math.abs(turned.yaw - start.yaw - turn)).toBeLessThan(8);
      expect(Math.abs(raised.pitch - start.pitch - 12)).toBeLessThan(8);
      expect(Math.abs(raised.yaw - start.yaw)).toBeLessThan(8);
    }
  }, 60_000);
});
