/** Where a camera that is held by hand sees a flat thing: the pinhole perspective of a tilted plane. */
import type { Dice } from './dice.ts';

export interface View {
  /** Capture pixel (x, y) -> position on the plane, in units of the source picture's pixels. */
  at(x: number, y: number, out: Float64Array): void;
  /** Plane units per capture pixel at the middle of the frame. */
  readonly scale: number;
}

export interface ViewSettings {
  /** Capture size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Plane units per capture pixel at the middle. */
  readonly scale: number;
  /** Position on the plane that the middle of the frame shows. */
  readonly centre: readonly [x: number, y: number];
  /** Degrees: turn about the vertical, the horizontal and the optical axis. */
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/** Focal length as a multiple of the frame's longer side: a phone's main or front camera, 60 to 75 degrees. */
const FOCAL = 0.8;

/** A hand-held tilt: `most` degrees at most about the first two axes. */
export function tilt(dice: Dice, most: number) {
  return {
    yaw: dice.range(-most, most),
    pitch: dice.range(-most, most),
    roll: 2.5 * dice.normal(),
  };
}

export function createView(settings: ViewSettings): View {
  const { width, height, scale, centre } = settings;
  const [yaw, pitch, roll] = [settings.yaw, settings.pitch, settings.roll].map((d) =>
    d * Math.PI / 180
  );
  const cy = Math.cos(yaw), sy = Math.sin(yaw);
  const cp = Math.cos(pitch), sp = Math.sin(pitch);
  const cr = Math.cos(roll), sr = Math.sin(roll);
  // Columns of Ry * Rx * Rz: the plane's own axes and normal as the camera sees them.
  const e1 = [cy * cr + sy * sp * sr, cp * sr, -sy * cr + cy * sp * sr];
  const e2 = [-cy * sr + sy * sp * cr, cp * cr, sy * sr + cy * sp * cr];
  const n = [sy * cp, -sp, cy * cp];
  const focal = FOCAL * Math.max(width, height);
  const distance = focal * scale;
  const mx = (width - 1) / 2, my = (height - 1) / 2;
  return {
    scale,
    at(x, y, out) {
      const rx = x - mx, ry = y - my;
      const t = n[2] * distance / (n[0] * rx + n[1] * ry + n[2] * focal);
      const px = t * rx, py = t * ry, pz = t * focal - distance;
      out[0] = centre[0] + px * e1[0] + py * e1[1] + pz * e1[2];
      out[1] = centre[1] + px * e2[0] + py * e2[1] + pz * e2[2];
    },
  };
}
