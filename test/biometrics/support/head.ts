/** A made-up head: 468 mesh points on a half ellipsoid, with the named points where a face has them. */
import {
  CHIN,
  FOREHEAD,
  LEFT_EYE,
  MESH_POINTS,
  RIGHT_EYE,
} from '../../../biometrics/landmarks/mesh-topology.ts';

export type Turn = (point: [number, number, number]) => [number, number, number];

const radians = (degrees: number) => degrees * Math.PI / 180;

/** The nose moves to the right edge of the picture. */
export const yaw = (degrees: number): Turn => ([x, y, z]) => {
  const [c, s] = [Math.cos(radians(degrees)), Math.sin(radians(degrees))];
  return [c * x - s * z, y, s * x + c * z];
};

/** The nose moves up. */
export const pitch = (degrees: number): Turn => ([x, y, z]) => {
  const [c, s] = [Math.cos(radians(degrees)), Math.sin(radians(degrees))];
  return [x, c * y + s * z, c * z - s * y];
};

/** Clockwise in the picture. */
export const roll = (degrees: number): Turn => ([x, y, z]) => {
  const [c, s] = [Math.cos(radians(degrees)), Math.sin(radians(degrees))];
  return [c * x - s * y, s * x + c * y, z];
};

const NAMED: readonly (readonly [index: number, x: number, y: number, z: number])[] = [
  [RIGHT_EYE[0], -0.5, -0.2, -0.6],
  [RIGHT_EYE[1], -0.15, -0.2, -0.7],
  [LEFT_EYE[1], 0.15, -0.2, -0.7],
  [LEFT_EYE[0], 0.5, -0.2, -0.6],
  [FOREHEAD, 0, -1, -0.4],
  [CHIN, 0, 1, -0.4],
  [1, 0, 0.2, -1.1],
];

/** The head, turned by each turn in order, around (cx, cy) with half the face's height as `size` pixels. */
export function head(turns: readonly Turn[] = [], cx = 100, cy = 100, size = 60): Float32Array {
  const points: [number, number, number][] = Array.from({ length: MESH_POINTS }, (_, i) => {
    const y = 2 * ((i + 0.5) / MESH_POINTS) - 1, angle = i * 2.399963;
    const radius = Math.sqrt(1 - y * y);
    return [0.75 * radius * Math.cos(angle), y, -Math.abs(radius * Math.sin(angle))];
  });
  for (const [index, ...point] of NAMED) points[index] = point;
  return Float32Array.from(
    points.flatMap((point) => {
      const [x, y, z] = turns.reduce((turned, turn) => turn(turned), point);
      return [cx + size * x, cy + size * y, size * z];
    }),
  );
}
