/**
 * Where the eyes look, from the place of the iris between the corners of the eye (ISO/IEC 19794-5 7.2.3
 * wants eyes that look into the camera).
 */
import type { RefinedEye, RefinedEyes } from '../landmarks/iris.ts';
import type { HeadPose } from '../landmarks/pose.ts';

export interface Gaze {
  /** Degrees, -90..90, positive when the eyes look towards the right edge of the picture, head turn included. */
  readonly gazeYaw: number;
}

/** The eye opening is about 30 mm wide, the eyeball's radius 12 mm. */
const RADIUS_OF_WIDTH = 12 / 30;

export function gaze(eyes: RefinedEyes, pose: HeadPose): Gaze {
  // both eyes turn alike, so what their shapes do to one side they undo on the other
  const offset = (irisOffset(eyes.right) + irisOffset(eyes.left)) / 2;
  const turn = Math.asin(Math.max(-1, Math.min(1, offset / RADIUS_OF_WIDTH))) * 180 / Math.PI;
  const gazeYaw = Math.max(-90, Math.min(90, turn + pose.yaw));
  return { gazeYaw: Number.isFinite(gazeYaw) ? gazeYaw : 0 };
}

/** How far the iris is from the middle of the corners along their line, to the picture's right, in eye widths. */
function irisOffset({ contour, iris }: RefinedEye): number {
  const dx = contour[16] - contour[0], dy = contour[17] - contour[1];
  const x = iris[0] - (contour[0] + contour[16]) / 2, y = iris[1] - (contour[1] + contour[17]) / 2;
  const along = (x * dx + y * dy) / (dx * dx + dy * dy);
  return dx < 0 ? -along : along;
}
