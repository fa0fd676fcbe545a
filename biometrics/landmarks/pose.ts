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

type Vector = readonly [x: number, y: number, z: number];

/** The head's own axes as unit vectors of the picture: x to the right, y down, z away from the camera. */
export interface HeadAxes {
  /** From the person's right eye to the left one. */
  readonly across: Vector;
  /** From forehead to chin, perpendicular to the others. */
  readonly down: Vector;
  /** Out of the face. */
  readonly forward: Vector;
}

/** @param points x, y, z of the 468 mesh points */
export function headAxes(points: Float32Array): HeadAxes {
  const point = (i: number): Vector => [points[3 * i], points[3 * i + 1], points[3 * i + 2]];
  const across = unit(subtract(point(LEFT_EYE[0]), point(RIGHT_EYE[0])));
  const forward = unit(cross(subtract(point(CHIN), point(FOREHEAD)), across));
  return { across, down: cross(across, forward), forward };
}

/** @param points x, y, z of the 468 mesh points */
export function headPose(points: Float32Array): HeadPose {
  const { across, forward } = headAxes(points);
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
