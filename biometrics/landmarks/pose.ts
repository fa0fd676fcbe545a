/** Head pose from the axes of the fitted mesh: the eye line and the line from forehead to chin. */
import { CHIN, FOREHEAD, LEFT_EYE, RIGHT_EYE } from './mesh-topology.ts';

/** Degrees; all zero for a head that looks straight into the camera. */
export interface HeadPose {
  /** Positive when the person turns towards the right edge of the picture. */
  readonly yaw: number;
  /** Positive when the person looks up. */
  readonly pitch: number;
  /** Positive when the head is tilted clockwise as seen in the picture. */
  readonly roll: number;
}

type Vector = [number, number, number];

/** @param points x, y, z of the 468 mesh points */
export function headPose(points: Float32Array): HeadPose {
  const point = (i: number): Vector => [points[3 * i], points[3 * i + 1], points[3 * i + 2]];
  const across = unit(subtract(point(LEFT_EYE[0]), point(RIGHT_EYE[0])));
  const down = subtract(point(CHIN), point(FOREHEAD));
  // The third axis is perpendicular to both; it points out of the face, towards the camera (-z).
  const forward = unit(cross(down, across));
  const degrees = 180 / Math.PI;
  return {
    yaw: Math.atan2(forward[0], -forward[2]) * degrees,
    pitch: Math.asin(Math.max(-1, Math.min(1, -forward[1]))) * degrees,
    roll: Math.atan2(across[1], across[0]) * degrees,
  };
}

function subtract(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(v: Vector): Vector {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
}
