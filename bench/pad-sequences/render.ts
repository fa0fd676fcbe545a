/** A camera for surfaces: perspective, depth buffer, blinking lids, background, sensor noise. */
import type { Picture } from '../../biometrics/types.ts';
import type { Surface } from './surface.ts';

/** Where a surface is at one moment. */
export interface Placement {
  /** Degrees; yaw about the vertical, pitch about the horizontal, roll in the picture. */
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /** Shift of the middle, in widths of the face. */
  readonly x: number;
  readonly y: number;
  /** Distance of the middle from the camera, in widths of the face. */
  readonly distance: number;
}

export interface Camera {
  /** Size of the picture in pixels. */
  readonly width: number;
  readonly height: number;
  /** Focal length in pixels. */
  readonly focal: number;
}

/**
 * @param texture the surface's still, or a changed copy of the same size (closed lids)
 * @param background a picture of the camera's size
 */
export function render(
  surface: Surface,
  texture: Picture,
  placement: Placement,
  camera: Camera,
  background: Picture,
): Picture {
  const { width, height } = camera;
  const out: Canvas = {
    width,
    height,
    data: background.data.slice(),
    depth: new Float32Array(width * height).fill(Infinity),
  };
  const seen = project(surface, placement, camera);
  const { columns, rows, step } = surface;
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const a = row * columns + column, b = a + 1, c = a + columns, d = c + 1;
      triangle(seen, a, b, c, columns, step, texture, out);
      triangle(seen, b, d, c, columns, step, texture, out);
    }
  }
  return { width, height, data: out.data };
}

/** The picture as it is drawn, and the distance of what each pixel shows. */
interface Canvas extends Picture {
  readonly depth: Float32Array;
}

/** Picture position and distance of every grid point. */
function project(surface: Surface, placement: Placement, camera: Camera): Float32Array {
  const { points, faceWidth } = surface;
  const radians = Math.PI / 180;
  const [cy, sy] = [Math.cos(placement.yaw * radians), Math.sin(placement.yaw * radians)];
  const [cp, sp] = [Math.cos(placement.pitch * radians), Math.sin(placement.pitch * radians)];
  const [cr, sr] = [Math.cos(placement.roll * radians), Math.sin(placement.roll * radians)];
  const out = new Float32Array(points.length);
  const middleX = (camera.width - 1) / 2, middleY = (camera.height - 1) / 2;
  for (let i = 0; i < points.length; i += 3) {
    let [x, y, z] = [points[i], points[i + 1], points[i + 2]];
    [x, z] = [cy * x - sy * z, sy * x + cy * z];
    [y, z] = [cp * y + sp * z, cp * z - sp * y];
    [x, y] = [cr * x - sr * y, sr * x + cr * y];
    const distance = z + placement.distance * faceWidth;
    out[i] = middleX + camera.focal * (x + placement.x * faceWidth) / distance;
    out[i + 1] = middleY + camera.focal * (y + placement.y * faceWidth) / distance;
    out[i + 2] = distance;
  }
  return out;
}

/** Draws one triangle of the grid, textured by the grid positions of its corners. */
function triangle(
  seen: Float32Array,
  a: number,
  b: number,
  c: number,
  columns: number,
  step: number,
  texture: Picture,
  { width, height, data, depth }: Canvas,
): void {
  const ax = seen[3 * a], ay = seen[3 * a + 1], az = seen[3 * a + 2];
  const abx = seen[3 * b] - ax, aby = seen[3 * b + 1] - ay, abz = seen[3 * b + 2] - az;
  const acx = seen[3 * c] - ax, acy = seen[3 * c + 1] - ay, acz = seen[3 * c + 2] - az;
  const area = abx * acy - acx * aby;
  // turned away, or seen from the edge
  if (!(area > 1e-6)) return;
  const left = Math.max(0, Math.ceil(ax + Math.min(0, abx, acx)));
  const right = Math.min(width - 1, Math.floor(ax + Math.max(0, abx, acx)));
  const top = Math.max(0, Math.ceil(ay + Math.min(0, aby, acy)));
  const bottom = Math.min(height - 1, Math.floor(ay + Math.max(0, aby, acy)));
  const au = step * (a % columns), av = step * Math.floor(a / columns);
  const abu = step * (b % columns) - au, abv = step * Math.floor(b / columns) - av;
  const acu = step * (c % columns) - au, acv = step * Math.floor(c / columns) - av;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const wb = ((x - ax) * acy - acx * (y - ay)) / area;
      const wc = (abx * (y - ay) - (x - ax) * aby) / area;
      if (wb < -1e-6 || wc < -1e-6 || wb + wc > 1 + 1e-6) continue;
      const z = az + wb * abz + wc * acz;
      const at = y * width + x;
      if (z >= depth[at]) continue;
      depth[at] = z;
      sample(texture, au + wb * abu + wc * acu, av + wb * abv + wc * acv, data, 3 * at);
    }
  }
}

/** Writes the bilinear value of the picture at (u, v), clamped to its edge. */
export function sample(
  picture: Picture,
  u: number,
  v: number,
  out: Uint8Array,
  at: number,
): void {
  const x = Math.max(0, Math.min(picture.width - 1.001, u));
  const y = Math.max(0, Math.min(picture.height - 1.001, v));
  const x0 = Math.floor(x), y0 = Math.floor(y), fx = x - x0, fy = y - y0;
  const p = 3 * (y0 * picture.width + x0), q = p + 3 * picture.width;
  const { data } = picture;
  for (let k = 0; k < 3; k++) {
    const upper = data[p + k] * (1 - fx) + data[p + 3 + k] * fx;
    const lower = data[q + k] * (1 - fx) + data[q + 3 + k] * fx;
    out[at + k] = upper * (1 - fy) + lower * fy + 0.5;
  }
}

/** Different values of sensor noise that one sequence draws from. */
const NOISE_VALUES = 1 << 16;

/**
 * A function that adds sensor noise in place.
 * @param sigma standard deviation in grey levels
 * @param random numbers in -1..1
 */
export function sensorNoise(sigma: number, random: () => number): (picture: Picture) => void {
  // a sum of three uniform numbers in -1..1 has variance 1
  const values = Float32Array.from(
    { length: NOISE_VALUES },
    () => sigma * (random() + random() + random()),
  );
  return ({ data }) => {
    const clamped = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
    const stride = 2 * Math.floor(NOISE_VALUES / 4 * (1 + random())) + 1;
    let at = 0;
    for (let i = 0; i < data.length; i++) {
      at = (at + stride) & (NOISE_VALUES - 1);
      clamped[i] = data[i] + values[at];
    }
  };
}
