/**
 * Head pose by a perspective-n-point fit: the turn and place of an average head whose picture, seen through a
 * pinhole camera, comes closest to the landmarks. Only x and y of the mesh are used, as its z is of a parallel
 * projection (ISO/IEC 29794-5 7.4.11, head pose).
 */
import { HEAD_MODEL } from './head-model.ts';
import { LEFT_EYE, RIGHT_EYE } from './mesh-topology.ts';
import { solve } from '../linear-systems.ts';
import { cross, multiply, rotation, type Vector } from './rigid-motion.ts';

/** Degrees; all zero for a head that looks straight along the camera's axis. */
export interface HeadPose {
  /** -180..180, positive when the person turns towards the right edge of the picture. */
  readonly yaw: number;
  /** -90..90, positive when the person looks up. */
  readonly pitch: number;
  /** -180..180, positive when the head is tilted clockwise as seen in the picture. */
  readonly roll: number;
  /** Root mean square distance of landmarks from the fitted head, as a share of the head's width, 0..1. */
  readonly residual: number;
  readonly axes: HeadAxes;
}

/** The head's own axes as unit vectors of the picture: x to the right, y down, z away from the camera. */
interface HeadAxes {
  /** From the person's right side to the left one. */
  readonly across: Vector;
  /** From forehead to chin. */
  readonly down: Vector;
  /** Out of the face. */
  readonly forward: Vector;
}

/**
 * Focal length as a share of the picture's longer side: 45 degrees field of view, between the front cameras of
 * phones (55 to 65 degrees) and portrait lenses (25). Half or double of it changes angles by about a degree.
 */
const FOCAL_LENGTH = 1.2;
const MAX_STEPS = 20;
/** Steps end when the squared error falls by less than this share. */
const TOLERANCE = 1e-6;

const NO_POSE: HeadPose = {
  yaw: 0,
  pitch: 0,
  roll: 0,
  residual: 1,
  axes: { across: [1, 0, 0], down: [0, 1, 0], forward: [0, 0, -1] },
};

/** Rotation row by row, then the place of the head's origin in millimetres before the camera. */
interface Placement {
  readonly turn: Float64Array;
  readonly place: Vector;
}

/** Pinhole camera of a picture. */
interface Camera {
  readonly focal: number;
  readonly x: number;
  readonly y: number;
}

/**
 * Levenberg-Marquardt from a level start. Landmarks that no head can have (all within a pixel, not finite)
 * give a frontal pose with residual 1.
 * @param points x, y, z of the 468 mesh points
 * @param picture size of the picture in pixels; its middle is taken as that of the lens
 */
export function headPose(
  points: Float32Array,
  picture: { readonly width: number; readonly height: number },
): HeadPose {
  const camera: Camera = {
    focal: FOCAL_LENGTH * Math.max(picture.width, picture.height),
    x: (picture.width - 1) / 2,
    y: (picture.height - 1) / 2,
  };
  let best = levelStart(points, camera);
  let error = squaredError(points, camera, best);
  let damping = 1e-3;
  for (let step = 0; step < MAX_STEPS && damping < 1e6; step++) {
    const next = improved(points, camera, best, damping);
    const nextError = squaredError(points, camera, next);
    if (!(nextError < error)) {
      damping *= 10;
      continue;
    }
    const gain = (error - nextError) / error;
    best = next;
    error = nextError;
    damping /= 5;
    if (gain < TOLERANCE) break;
  }
  const { turn, place } = best;
  const across: Vector = [turn[0], turn[3], turn[6]];
  const down: Vector = [turn[1], turn[4], turn[7]];
  const forward = cross(down, across);
  const width = MODEL_WIDTH * camera.focal / place[2];
  const residual = Math.sqrt(error / HEAD_MODEL.length) / width;
  const degrees = 180 / Math.PI;
  const pose = {
    yaw: Math.atan2(forward[0], -forward[2]) * degrees,
    pitch: Math.asin(Math.max(-1, Math.min(1, -forward[1]))) * degrees,
    roll: Math.atan2(across[1], across[0]) * degrees,
    residual: Math.min(1, residual),
    axes: { across, down, forward },
  };
  const isHead = width >= 1 && [pose.yaw, pose.pitch, pose.roll, residual].every(Number.isFinite);
  return isHead ? pose : NO_POSE;
}

const MODEL_WIDTH = Math.max(...HEAD_MODEL.map(([, x]) => x)) * 2;

/** Turned by the eye line alone, at the distance where the head's spread is that of the landmarks. */
function levelStart(points: Float32Array, { focal, x, y }: Camera): Placement {
  const [right, left] = [3 * RIGHT_EYE[0], 3 * LEFT_EYE[0]];
  const roll = Math.atan2(points[left + 1] - points[right + 1], points[left] - points[right]);
  const n = HEAD_MODEL.length;
  const mean = [0, 0, 0, 0];
  for (const [i, mx, my] of HEAD_MODEL) {
    [mx, my, points[3 * i], points[3 * i + 1]].forEach((value, k) => mean[k] += value / n);
  }
  let model = 0, seen = 0;
  for (const [i, mx, my] of HEAD_MODEL) {
    model += (mx - mean[0]) ** 2 + (my - mean[1]) ** 2;
    seen += (points[3 * i] - mean[2]) ** 2 + (points[3 * i + 1] - mean[3]) ** 2;
  }
  const distance = focal * Math.sqrt(model / seen);
  return {
    turn: rotation([0, 0, roll]),
    place: [(mean[2] - x) * distance / focal, (mean[3] - y) * distance / focal, distance],
  };
}

function squaredError(points: Float32Array, camera: Camera, { turn, place }: Placement): number {
  let error = 0;
  for (const [i, mx, my, mz] of HEAD_MODEL) {
    const x = turn[0] * mx + turn[1] * my + turn[2] * mz + place[0];
    const y = turn[3] * mx + turn[4] * my + turn[5] * mz + place[1];
    const z = turn[6] * mx + turn[7] * my + turn[8] * mz + place[2];
    error += (camera.focal * x / z + camera.x - points[3 * i]) ** 2 +
      (camera.focal * y / z + camera.y - points[3 * i + 1]) ** 2;
  }
  return error;
}

/** One damped Gauss-Newton step: a small turn before the present one, and a shift. */
function improved(
  points: Float32Array,
  camera: Camera,
  { turn, place }: Placement,
  damping: number,
): Placement {
  const normal = new Float64Array(36), right = new Float64Array(6);
  const u = new Float64Array(6), v = new Float64Array(6);
  for (const [i, mx, my, mz] of HEAD_MODEL) {
    const qx = turn[0] * mx + turn[1] * my + turn[2] * mz;
    const qy = turn[3] * mx + turn[4] * my + turn[5] * mz;
    const qz = turn[6] * mx + turn[7] * my + turn[8] * mz;
    const z = qz + place[2], scale = camera.focal / z;
    const offX = (qx + place[0]) * scale, offY = (qy + place[1]) * scale;
    const du = points[3 * i] - camera.x - offX, dv = points[3 * i + 1] - camera.y - offY;
    const uz = -offX / z, vz = -offY / z;
    u.set([uz * qy, scale * qz - uz * qx, -scale * qy, scale, 0, uz]);
    v.set([vz * qy - scale * qz, -vz * qx, scale * qx, 0, scale, vz]);
    for (let a = 0; a < 6; a++) {
      right[a] += u[a] * du + v[a] * dv;
      for (let b = 0; b < 6; b++) normal[6 * a + b] += u[a] * u[b] + v[a] * v[b];
    }
  }
  for (let a = 0; a < 6; a++) normal[7 * a] *= 1 + damping;
  const step = solve(normal, right);
  return {
    turn: multiply(rotation([step[0], step[1], step[2]]), turn),
    place: [place[0] + step[3], place[1] + step[4], place[2] + step[5]],
  };
}
