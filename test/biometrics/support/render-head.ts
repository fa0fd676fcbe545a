/** Heads of photographs turned by known angles: the picture as texture on its own mesh, drawn in perspective. */
import { TRI468 } from '../../../node_modules/@vladmandic/human/src/face/facemeshcoords.ts';
import type { Picture } from '../../../biometrics/types.ts';
import { MESH_POINTS } from '../../../biometrics/landmarks/mesh-topology.ts';
import { pitch as pitched, yaw as yawed } from './head.ts';

/** Outer corners of the eyes, 91 mm apart; the camera is at arm's length. */
const CORNERS = [33, 263] as const;
const CORNER_DISTANCE_MM = 91;
const CAMERA_MM = 600;

/** The face alone on grey, turned by degrees on top of the turn it has. */
export function renderTurned(
  picture: Picture,
  mesh: Float32Array,
  yaw: number,
  pitch: number,
): Picture {
  const { width, height } = picture;
  const data = new Uint8Array(width * height * 3).fill(150);
  const depth = new Float32Array(width * height).fill(Infinity);
  const turned = project(mesh, yaw, pitch);
  for (let t = 0; t < TRI468.length; t += 3) {
    drawTriangle(picture, mesh, turned, TRI468.slice(t, t + 3), data, depth);
  }
  return { width, height, data };
}

function project(mesh: Float32Array, yaw: number, pitch: number): Float32Array {
  const mean = [0, 1, 2].map((axis) => {
    let sum = 0;
    for (let i = 0; i < MESH_POINTS; i++) sum += mesh[3 * i + axis];
    return sum / MESH_POINTS;
  });
  const [a, b] = CORNERS.map((i) => 3 * i);
  const distance = Math.hypot(mesh[a] - mesh[b], mesh[a + 1] - mesh[b + 1]) * CAMERA_MM /
    CORNER_DISTANCE_MM;
  const out = new Float32Array(MESH_POINTS * 3);
  for (let i = 0; i < MESH_POINTS; i++) {
    const [x, y, z] = pitched(pitch)(
      yawed(yaw)([
        mesh[3 * i] - mean[0],
        mesh[3 * i + 1] - mean[1],
        mesh[3 * i + 2] - mean[2],
      ]),
    );
    const scale = distance / (distance + z);
    out.set([mean[0] + x * scale, mean[1] + y * scale, z], 3 * i);
  }
  return out;
}

function drawTriangle(
  picture: Picture,
  from: Float32Array,
  to: Float32Array,
  [a, b, c]: readonly number[],
  data: Uint8Array,
  depth: Float32Array,
): void {
  const { width, height } = picture;
  const [ax, ay, bx, by, cx, cy] = [a, b, c].flatMap((i) => [to[3 * i], to[3 * i + 1]]);
  const area = (by - cy) * (ax - cx) + (cx - bx) * (ay - cy);
  if (Math.abs(area) < 1e-6) return;
  const lastX = Math.min(width - 1, Math.ceil(Math.max(ax, bx, cx)));
  const lastY = Math.min(height - 1, Math.ceil(Math.max(ay, by, cy)));
  for (let y = Math.max(0, Math.floor(Math.min(ay, by, cy))); y <= lastY; y++) {
    for (let x = Math.max(0, Math.floor(Math.min(ax, bx, cx))); x <= lastX; x++) {
      const u = ((by - cy) * (x - cx) + (cx - bx) * (y - cy)) / area;
      const v = ((cy - ay) * (x - cx) + (ax - cx) * (y - cy)) / area;
      const w = 1 - u - v;
      if (Math.min(u, v, w) < -0.01) continue;
      const at = (axis: number, points: Float32Array) =>
        u * points[3 * a + axis] + v * points[3 * b + axis] + w * points[3 * c + axis];
      const z = at(2, to), pixel = y * width + x;
      if (z >= depth[pixel]) continue;
      depth[pixel] = z;
      for (let k = 0; k < 3; k++) {
        data[3 * pixel + k] = bilinear(picture, at(0, from), at(1, from), k);
      }
    }
  }
}

function bilinear({ width, height, data }: Picture, x: number, y: number, channel: number): number {
  const x0 = Math.max(0, Math.min(width - 2, Math.floor(x)));
  const y0 = Math.max(0, Math.min(height - 2, Math.floor(y)));
  const fx = Math.max(0, Math.min(1, x - x0)), fy = Math.max(0, Math.min(1, y - y0));
  const p = 3 * (y0 * width + x0) + channel, q = p + 3 * width;
  return Math.round(
    (data[p] * (1 - fx) + data[p + 3] * fx) * (1 - fy) +
      (data[q] * (1 - fx) + data[q + 3] * fx) * fy,
  );
}
