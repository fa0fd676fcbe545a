/** Whether the head is posed for a frontal picture: the `head_pose_check` of a capture. */
import type { HeadPose } from '../landmarks/pose.ts';

type Turn = Pick<HeadPose, 'yaw' | 'pitch' | 'roll'>;

/**
 * ISO/IEC 19794-5 7.2.2 allows 5 degrees of yaw and pitch and 8 of roll. A fit to landmarks errs by up to 3
 * degrees at turns of 10 to 20 (docs/quality.md), so twice that is added; roll errs by about 1.
 */
const MOST_YAW = 11;
const MOST_PITCH = 11;
const MOST_ROLL = 10;
/**
 * The fit's pitch is 0 where forehead and chin are equally far; in pictures of people who look into the
 * camera it is this many degrees (median of 1,000 pictures of LFW View 1).
 */
const LEVEL_PITCH = -4;

/**
 * How far the head is turned in each direction, as a share of what is allowed: -1..1 passes. Signs are those
 * of `headPose`.
 */
export function turnShares({ yaw, pitch, roll }: Turn): Turn {
  return { yaw: yaw / MOST_YAW, pitch: (pitch - LEVEL_PITCH) / MOST_PITCH, roll: roll / MOST_ROLL };
}

export function headPoseCheck(turn: Turn): boolean {
  const { yaw, pitch, roll } = turnShares(turn);
  return [yaw, pitch, roll].every((share) => Math.abs(share) <= 1);
}
