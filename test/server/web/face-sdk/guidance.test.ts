/** What a person is told, from what is seen. */
import { describe, expect, test } from 'bun:test';
import { guide, imageQuality, OVAL } from '../../../../server/web/face-sdk/guidance.ts';
import type { Seen } from '../../../../server/web/face-sdk/vision/watch.ts';
import { HEAD_MODEL } from '../../../../biometrics/landmarks/head-model.ts';

const POSE = { yaw: 0, pitch: -4, roll: 0, residual: 0.02 } as const;
const AXES = { across: [1, 0, 0], down: [0, 1, 0], forward: [0, 0, -1] } as const;

interface Face {
  /** Pixels per millimetre: 1.8 gives a head of 240 pixels. */
  readonly scale?: number;
  readonly x?: number;
  readonly y?: number;
  readonly pose?: Partial<Record<keyof typeof POSE, number>>;
  readonly light?: Partial<Seen['light']>;
  readonly faces?: number;
  readonly atMs?: number;
  readonly closed?: boolean;
}

/** The average head, looking into the camera from the middle of the oval. */
function seen(face: Face = {}): Seen {
  const { scale = 1.8, x = OVAL.x, y = OVAL.y - 20, faces = 1, atMs = 1000 } = face;
  const points = new Float32Array(3 * 468);
  for (let i = 0; i < 468; i++) points.set([x, y, 0], 3 * i);
  for (const [i, mx, my] of HEAD_MODEL) points.set([x + scale * mx, y + scale * my, 0], 3 * i);
  const eyes = { eyesOpen: 60, rightEyeOpen: 60, leftEyeOpen: 60, eyesStatus: 'OPEN' as const };
  return {
    atMs,
    faces,
    light: { luma: 128, evenness: 0.9, ...face.light },
    face: {
      mesh: { points, presence: 1 },
      pose: { ...POSE, ...face.pose, axes: AXES },
      eyes: face.closed ? { ...eyes, eyesOpen: 0, eyesStatus: 'CLOSED' } : eyes,
    },
  };
}

const said = (face: Face, wasGood = false) =>
  guide(seen(face), seen({ ...face, atMs: 900 }), wasGood).key;

describe('the guidance', () => {
  test('lets a face pass that is where it should be', () => {
    expect(guide(seen(), seen({ atMs: 900 }), false)).toEqual({ key: 'FEEDBACK_OK', good: true });
  });

  const FAULTS: [Face, string][] = [
    [{ scale: 1.2 }, 'FEEDBACK_FAR'],
    [{ scale: 2.4 }, 'FEEDBACK_CLOSE'],
    [{ scale: 4 }, 'FEEDBACK_CLOSE'],
    [{ x: 300 }, 'FEEDBACK_NOT_CENTERED'],
    [{ x: 460 }, 'FEEDBACK_FACE_OUTSIDE'],
    [{ pose: { yaw: 14 } }, 'FEEDBACK_LEFT_FACING'],
    [{ pose: { yaw: -14 } }, 'FEEDBACK_RIGHT_FACING'],
    [{ pose: { pitch: 12 } }, 'FEEDBACK_UP_FACING'],
    [{ pose: { pitch: -20 } }, 'FEEDBACK_DOWN_FACING'],
    [{ pose: { roll: 15 } }, 'FEEDBACK_ROTATED'],
    [{ light: { luma: 20 } }, 'FEEDBACK_CHANGE_LIGHT_TOO_DARK'],
    [{ light: { luma: 250 } }, 'FEEDBACK_CHANGE_LIGHT_TOO_BRIGHT'],
    [{ light: { evenness: 0.2 } }, 'FEEDBACK_CHANGE_LIGHT'],
    [{ faces: 2 }, 'FEEDBACK_MULTIPLE_FACES'],
    [{ closed: true }, 'FEEDBACK_EYES_CLOSED'],
  ];
  test.each(FAULTS)('says of %o: %s', (face, key) => {
    expect(said(face)).toBe(key as ReturnType<typeof said>);
  });

  test('says first what a person puts right first', () => {
    expect(said({ scale: 1.2, pose: { yaw: 20 }, light: { luma: 20 } })).toBe('FEEDBACK_FAR');
    expect(said({ pose: { yaw: 20 }, light: { luma: 20 } })).toBe('FEEDBACK_LEFT_FACING');
  });

  test('asks to hold still who moves, and who has just come', () => {
    const moved = guide(seen({ x: 255 }), seen({ atMs: 950 }), false);
    expect(moved).toEqual({ key: 'FEEDBACK_STABLE', good: false });
    expect(guide(seen(), undefined, false).key).toBe('FEEDBACK_STABLE');
  });

  test('without a face asks for one, or for light', () => {
    const { face: _, ...none } = seen();
    expect(guide({ ...none, faces: 0 }, undefined, false).key).toBe('FEEDBACK_INSIDE_GUIDE');
    const dark = { ...none, faces: 0, light: { luma: 3, evenness: 1 } };
    expect(guide(dark, undefined, false).key).toBe('FEEDBACK_CHANGE_LIGHT_TOO_DARK');
  });

  test('bears a little more of a face that was good already', () => {
    const face = { scale: 2.3 };
    expect([said(face), said(face, true)]).toEqual(['FEEDBACK_CLOSE', 'FEEDBACK_OK']);
  });
});

describe('the quality', () => {
  test('is better in the middle than at the limits, and tells the eyes', () => {
    const best = imageQuality(seen())!, worse = imageQuality(seen({ pose: { yaw: 10 }, x: 270 }))!;
    expect(best.quality_metric).toBeGreaterThan(worse.quality_metric);
    expect(best).toMatchObject({
      eyes_status: 'open',
      eyes_opening_grade: 60,
      head_pose_check: true,
    });
    expect(imageQuality(seen({ pose: { yaw: 20 } }))?.head_pose_check).toBe(false);
  });
});
