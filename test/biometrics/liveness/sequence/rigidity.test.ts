import { describe, expect, test } from 'bun:test';
import { SEQUENCE_CALIBRATION } from '../../../../biometrics/liveness/sequence/calibration.ts';
import type { SequenceFrame } from '../../../../biometrics/liveness/sequence/frame.ts';
import { project } from '../../../../biometrics/liveness/sequence/homography.ts';
import {
  judgeMovement,
  measureMovement,
  scoreRigidity,
} from '../../../../biometrics/liveness/sequence/rigidity.ts';
import { seeded } from '../../support/crowd.ts';
import { frameOf } from '../../support/frames.ts';
import { head, pitch, roll, yaw } from '../../support/head.ts';

const COUNT = 12;

/** Landmarks with jitter of half a pixel in a face 120 pixels high. */
function jittered(mesh: Float32Array, random: () => number): Float32Array {
  return mesh.map((value) => value + 0.5 * random());
}

function turningHead(degrees: number): SequenceFrame[] {
  const random = seeded(3);
  return Array.from({ length: COUNT }, (_, i) => {
    const angle = degrees * Math.sin(i), turns = [yaw(angle), pitch(angle / 2), roll(angle / 2)];
    return frameOf(100 * i, jittered(head(turns, 200 + 3 * i, 150), random));
  });
}

/** A print of the head, tilted so that one side is up to a third larger than the other. */
function tiltingPrint(): SequenceFrame[] {
  const random = seeded(4), still = head([], 0, 0);
  return Array.from({ length: COUNT }, (_, i) => {
    const tilt = 2.5e-3 * Math.sin(i);
    const map = Float64Array.of(1, 0.1 * tilt, 200 + 3 * i, 0, 1, 150, tilt, tilt / 2, 1);
    const mesh = still.slice();
    for (let k = 0; k < mesh.length; k += 3) mesh.set(project(map, still[k], still[k + 1]), k);
    return frameOf(100 * i, jittered(mesh, random));
  });
}

describe('rigidity', () => {
  test('a head that turns is solid', () => {
    const verdict = scoreRigidity(turningHead(20));
    expect(verdict).toMatchObject({ detector: 'rigidity', confidence: 1 });
    expect(verdict.score).toBeGreaterThan(0.8);
    expect(verdict.reason).toContain('solid head');
  });

  test('a print has no parallax however it is tilted', () => {
    const flat = measureMovement(tiltingPrint())!, solid = measureMovement(turningHead(20))!;
    // both change their shape, but the print only by homographies
    expect(flat.shapeChange).toBeGreaterThan(SEQUENCE_CALIBRATION.rigidity.shapeChange);
    expect(flat.alongRelief).toBeLessThan(solid.alongRelief / 10);
    const verdict = scoreRigidity(tiltingPrint());
    expect(verdict.score).toBeLessThan(0.2);
    expect(verdict.confidence).toBe(1);
    expect(verdict.reason).toContain('little depth');
  });

  test('parallax grows with the turn', () => {
    const [small, large] = [4, 12].map((degrees) => measureMovement(turningHead(degrees))!);
    expect(large.alongRelief / small.alongRelief).toBeGreaterThan(2);
    expect(large.alongRelief / small.alongRelief).toBeLessThan(4);
  });

  test('a face that does not turn is not judged, unless it was asked to', () => {
    const still = turningHead(0);
    expect(scoreRigidity(still)).toMatchObject({ confidence: 0 });
    expect(scoreRigidity(still).reason).toContain('does not turn enough');
    const asked = scoreRigidity(still, { turnAsked: true });
    expect(asked.confidence).toBe(1);
    expect(asked.score).toBeLessThan(0.2);
  });

  test('the depth that the network believes in cannot make a print solid', () => {
    const frames = tiltingPrint().map(({ timeMs, scene }, i) => {
      const mesh = scene.mesh.slice(), turned = head([yaw(20 * Math.sin(i))]);
      for (let k = 2; k < mesh.length; k += 3) mesh[k] = turned[k];
      return frameOf(timeMs, mesh);
    });
    expect(scoreRigidity(frames).score).toBeLessThan(0.2);
  });

  test('another face in between is no movement', () => {
    const frames = turningHead(0);
    const other = (i: number) => frameOf(frames[i].timeMs, head([yaw(40)], 600, 150));
    const mixed = frames.map((frame, i) => i < 3 ? other(i) : frame);
    expect(scoreRigidity(mixed)).toMatchObject({ confidence: 0 });
  });

  test('at the threshold the score is one half', () => {
    const { rigidity } = SEQUENCE_CALIBRATION;
    const movement = { alongRelief: rigidity.parallax, shapeChange: 1 };
    expect(judgeMovement(movement, false, rigidity).score).toBeCloseTo(0.5, 9);
  });
});
