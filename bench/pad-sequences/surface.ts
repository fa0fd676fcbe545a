/**
 * Turns a still picture of a face into a surface in space that carries the picture: a head with the relief
 * of its fitted mesh, a flat print, or a print bent to a cylinder. Lengths are pixels of the still.
 */
import { MESH_POINTS } from '../../biometrics/landmarks/mesh-topology.ts';
import type { Picture } from '../../biometrics/types.ts';

export type SurfaceKind = 'head' | 'flat' | 'bent';

/** A grid of points: column by column of a row, row by row. */
export interface Surface {
  readonly still: Picture;
  /** Pixels of the still between two neighbours of the grid. */
  readonly step: number;
  readonly columns: number;
  readonly rows: number;
  /** x, y, z of every grid point around the point it turns about; z grows away from the camera. */
  readonly points: Float32Array;
  /** Width of the face in pixels of the still. */
  readonly faceWidth: number;
}

const STEP = 4;
/** Mesh points at the sides of the face, in front of the ears. */
const [RIGHT_SIDE, LEFT_SIDE] = [234, 454];
/** Neighbours in the interpolation of depth. */
const NEIGHBOURS = 6;
/** How deep the head is behind the edge of its mesh, and the radius of a bent print, in widths of the face. */
const DEPTH_BEHIND_EDGE = 0.45, BEND_RADIUS = 1.2;
/** Where a head turns: so far behind the middle of the mesh, in widths of the face. */
const NECK = 0.55;

/** @param mesh x, y, z of the 468 mesh points in the still */
export function surfaceOf(kind: SurfaceKind, still: Picture, mesh: Float32Array): Surface {
  const faceWidth = Math.hypot(
    mesh[3 * LEFT_SIDE] - mesh[3 * RIGHT_SIDE],
    mesh[3 * LEFT_SIDE + 1] - mesh[3 * RIGHT_SIDE + 1],
    mesh[3 * LEFT_SIDE + 2] - mesh[3 * RIGHT_SIDE + 2],
  );
  const [cx, cy, cz] = middle(mesh);
  const columns = Math.floor((still.width - 1) / STEP) + 1;
  const rows = Math.floor((still.height - 1) / STEP) + 1;
  const points = new Float32Array(3 * columns * rows);
  const depth = kind === 'head' ? reliefOf(mesh, faceWidth) : undefined;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at += 3) {
      const x = column * STEP, y = row * STEP;
      points[at] = x - cx;
      points[at + 1] = y - cy;
      if (depth !== undefined) points[at + 2] = depth(x, y) - cz - NECK * faceWidth;
      else if (kind === 'bent') {
        const radius = BEND_RADIUS * faceWidth, angle = (x - cx) / radius;
        points[at] = radius * Math.sin(angle);
        points[at + 2] = radius * (1 - Math.cos(Math.max(-1.4, Math.min(1.4, angle))));
      }
    }
  }
  return { still, step: STEP, columns, rows, points, faceWidth };
}

function middle(mesh: Float32Array): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < MESH_POINTS; i++) {
    for (let k = 0; k < 3; k++) sum[k] += mesh[3 * i + k] / MESH_POINTS;
  }
  return sum;
}

/** Depth over the picture: the mesh inside the face, curving back outside it. */
function reliefOf(mesh: Float32Array, faceWidth: number): (x: number, y: number) => number {
  const reach = 0.06 * faceWidth;
  return (x, y) => {
    const nearest: [distance: number, index: number][] = [];
    for (let i = 0; i < MESH_POINTS; i++) {
      const distance = (mesh[3 * i] - x) ** 2 + (mesh[3 * i + 1] - y) ** 2;
      if (nearest.length === NEIGHBOURS && distance >= nearest[NEIGHBOURS - 1][0]) continue;
      if (nearest.length === NEIGHBOURS) nearest.pop();
      nearest.push([distance, i]);
      nearest.sort((a, b) => a[0] - b[0]);
    }
    let weights = 0, z = 0;
    for (const [distance, index] of nearest) {
      const weight = 1 / (distance + 0.25);
      weights += weight;
      z += weight * mesh[3 * index + 2];
    }
    const outside = Math.max(0, Math.sqrt(nearest[0][0]) - reach) / faceWidth;
    const behind = DEPTH_BEHIND_EDGE * (1 - Math.exp(-outside / 0.25));
    return z / weights + faceWidth * behind;
  };
}
