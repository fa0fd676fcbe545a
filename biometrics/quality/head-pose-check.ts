/** Whether the head is posed for a frontal picture: the `head_pose_check` of a capture. */
import type { FaceMeasures } from './measure.ts';

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

export function headPoseCheck({ yaw, pitch, roll }: FaceMeasures): boolean {
  return Math.abs(yaw) <= MOST_YAW && Math.abs(pitch - LEVEL_PITCH) <= MOST_PITCH &&
    Math.abs(roll) <= MOST_ROLL;
}
