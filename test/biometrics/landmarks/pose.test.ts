import { describe, expect, test } from 'bun:test';
import { headAxes, headPose } from '../../../biometrics/landmarks/pose.ts';
import { head, pitch, roll, yaw } from '../support/head.ts';

describe('headPose', () => {
  test('is zero for a head that looks into the camera, wherever it is', () => {
    for (const mesh of [head(), head([], 900, 20, 7)]) {
      const pose = headPose(mesh);
      for (const value of [pose.yaw, pose.pitch, pose.roll]) expect(value).toBeCloseTo(0, 3);
    }
  });

  test.each([-60, -25, 10, 45])('tells a turn of %d degrees alone', (degrees) => {
    const cases = [
      [yaw(degrees), { yaw: degrees, pitch: 0, roll: 0 }],
      [pitch(degrees), { yaw: 0, pitch: degrees, roll: 0 }],
      [roll(degrees), { yaw: 0, pitch: 0, roll: degrees }],
    ] as const;
    for (const [turn, wanted] of cases) {
      const pose = headPose(head([turn]));
      expect(pose.yaw).toBeCloseTo(wanted.yaw, 3);
      expect(pose.pitch).toBeCloseTo(wanted.pitch, 3);
      expect(pose.roll).toBeCloseTo(wanted.roll, 3);
    }
  });
});

describe('headAxes', () => {
  test('are perpendicular unit vectors that turn with the head', () => {
    const { across, down, forward } = headAxes(head([yaw(20), pitch(-15), roll(40)]));
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, i) => sum + value * b[i], 0);
    for (const axis of [across, down, forward]) expect(dot(axis, axis)).toBeCloseTo(1, 5);
    for (const pair of [[across, down], [down, forward], [forward, across]]) {
      expect(dot(pair[0], pair[1])).toBeCloseTo(0, 5);
    }
    const [x, y, z] = roll(40)(pitch(-15)(yaw(20)([0, 0, -1])));
    expect(forward[0]).toBeCloseTo(x, 4);
    expect(forward[1]).toBeCloseTo(y, 4);
    expect(forward[2]).toBeCloseTo(z, 4);
  });
});
