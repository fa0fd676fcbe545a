/**
 * What the person is told, from what is seen: the first thing that is wrong, in the order in which a person
 * puts it right. The guide is a drawing; its measures are ours, limits of size and pose those of ISO/IEC 19794-5.
 */
import { boundsOf } from '../../../biometrics/align/scene-box.ts';
import { eyeCentre, LEFT_EYE, RIGHT_EYE } from '../../../biometrics/landmarks/mesh-topology.ts';
import { mean, unitRange } from '../../../biometrics/liveness/sequence/numbers.ts';
import { headPoseCheck, turnShares } from '../../../biometrics/quality/head-pose-check.ts';
import type { ImageQuality } from './face-sdk.d.ts';
import type { TextKey } from './localization.ts';
import { HEIGHT, WIDTH } from './vision/frame.ts';
import type { Seen } from './vision/watch.ts';

/** The oval of the guide in pixels of the frame. */
export const OVAL = { x: WIDTH / 2, y: 300, rx: 148, ry: 200 } as const;

/** Distance of the eyes that ISO/IEC 19794-5 asks of a portrait at least (head at least 180 pixels wide). */
const MIN_EYES_APART = 90;
/** A face as wide as the oval leaves no room for the hair in the frame. */
const MAX_FACE_WIDTH = 2 * OVAL.rx;
/** How far the middle of the face may be from that of the oval, as a share of its radii. */
const OFF_CENTRE = 0.3;
/**
 * Just outside what 500 press photographs of LFW View 1 have (luma 58 to 199, evenness from 0.39), so that no
 * skin is told to find another light.
 */
const DARKEST = 50;
const BRIGHTEST = 210;
const LEAST_EVEN = 0.38;
/** An empty frame under this mean luma is a covered lens or a dark room. */
const DARK_FRAME = 25;
/** Movement of the face per second as a share of its width that a picture bears without blur at 1/30 s. */
const FASTEST = 0.6;

export interface Guidance {
  readonly key: TextKey;
  /** Whether the picture may be taken. */
  readonly good: boolean;
}

/** How much further than at first a face may go that was well placed: nobody stands like a statue. */
const SLACK = 1.08;

/** @param wasGood whether the look before was */
export function guide(seen: Seen, before: Seen | undefined, wasGood: boolean): Guidance {
  const key = fault(seen, before, wasGood ? SLACK : 1);
  return key === undefined ? { key: 'FEEDBACK_OK', good: true } : { key, good: false };
}

function fault(seen: Seen, before: Seen | undefined, slack: number): TextKey | undefined {
  const { face, light } = seen;
  if (face === undefined) {
    return light.luma < DARK_FRAME ? 'FEEDBACK_CHANGE_LIGHT_TOO_DARK' : 'FEEDBACK_INSIDE_GUIDE';
  }
  if (seen.faces > 1) return 'FEEDBACK_MULTIPLE_FACES';
  return placeFault(face.mesh.points, slack) ?? poseFault(face.pose) ?? lightFault(light) ??
    eyesFault(seen) ?? (isMoving(seen, before) ? 'FEEDBACK_STABLE' : undefined);
}

function placeFault(points: Float32Array, slack: number): TextKey | undefined {
  const { left, top, right, bottom } = boundsOf(points);
  if (left < 0 || top < 0 || right > WIDTH || bottom > HEIGHT) {
    return right - left > MAX_FACE_WIDTH ? 'FEEDBACK_CLOSE' : 'FEEDBACK_FACE_OUTSIDE';
  }
  if (eyesApart(points) < MIN_EYES_APART / slack) return 'FEEDBACK_FAR';
  if (right - left > MAX_FACE_WIDTH * slack) return 'FEEDBACK_CLOSE';
  return offCentre(points) > OFF_CENTRE * slack ? 'FEEDBACK_NOT_CENTERED' : undefined;
}

function poseFault(pose: Parameters<typeof turnShares>[0]): TextKey | undefined {
  const { yaw, pitch, roll } = turnShares(pose);
  const worst = Math.max(Math.abs(yaw), Math.abs(pitch), Math.abs(roll));
  if (worst <= 1) return undefined;
  if (worst === Math.abs(roll)) return 'FEEDBACK_ROTATED';
  if (worst === Math.abs(pitch)) return pitch > 0 ? 'FEEDBACK_UP_FACING' : 'FEEDBACK_DOWN_FACING';
  // to the right edge of the picture is the person's own left
  return yaw > 0 ? 'FEEDBACK_LEFT_FACING' : 'FEEDBACK_RIGHT_FACING';
}

function lightFault({ luma, evenness }: Seen['light']): TextKey | undefined {
  if (luma < DARKEST) return 'FEEDBACK_CHANGE_LIGHT_TOO_DARK';
  if (luma > BRIGHTEST) return 'FEEDBACK_CHANGE_LIGHT_TOO_BRIGHT';
  return evenness < LEAST_EVEN ? 'FEEDBACK_CHANGE_LIGHT' : undefined;
}

function eyesFault({ face }: Seen): TextKey | undefined {
  return face?.eyes?.eyesStatus === 'CLOSED' ? 'FEEDBACK_EYES_CLOSED' : undefined;
}

function isMoving(seen: Seen, before: Seen | undefined): boolean {
  if (seen.face === undefined || before?.face === undefined) return true;
  const now = boundsOf(seen.face.mesh.points), then = boundsOf(before.face.mesh.points);
  const moved = Math.max(
    Math.hypot(now.left - then.left, now.top - then.top),
    Math.hypot(now.right - then.right, now.bottom - then.bottom),
  );
  const seconds = Math.max(1 / 60, (seen.atMs - before.atMs) / 1000);
  return moved / (now.right - now.left) / seconds > FASTEST;
}

function eyesApart(points: Float32Array): number {
  const [rightX, rightY] = eyeCentre(points, RIGHT_EYE),
    [leftX, leftY] = eyeCentre(points, LEFT_EYE);
  return Math.hypot(rightX - leftX, rightY - leftY);
}

function offCentre(points: Float32Array): number {
  const { left, top, right, bottom } = boundsOf(points);
  return Math.max(
    Math.abs((left + right) / 2 - OVAL.x) / OVAL.rx,
    Math.abs((top + bottom) / 2 - OVAL.y) / OVAL.ry,
  );
}

/** What `onImageQualityDetected` is told of the picture. */
export function imageQuality({ face, light }: Seen): ImageQuality | undefined {
  if (face === undefined) return undefined;
  const points = face.mesh.points, { left, right } = boundsOf(points);
  const { yaw, pitch, roll } = turnShares(face.pose);
  const shares = [
    eyesApart(points) / MIN_EYES_APART - 1,
    1 - (right - left) / MAX_FACE_WIDTH,
    1 - offCentre(points) / OFF_CENTRE,
    ...[yaw, pitch, roll].map((share) => 1 - Math.abs(share)),
    (light.luma - DARKEST) / (128 - DARKEST),
    (BRIGHTEST - light.luma) / (BRIGHTEST - 128),
    (light.evenness - LEAST_EVEN) / (1 - LEAST_EVEN),
  ];
  return {
    ...(face.eyes && {
      eyes_status: face.eyes.eyesStatus === 'OPEN' ? 'open' as const : 'closed' as const,
      eyes_opening_grade: face.eyes.eyesOpen,
    }),
    quality_metric: Math.round(100 * mean(shares.map(unitRange))),
    head_pose_check: headPoseCheck(face.pose),
  };
}
