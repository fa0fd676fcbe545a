/**
 * Plane plus parallax: how a set of landmarks moved beyond what one plane explains (Irani and Anandan,
 * Parallax geometry of pairs of points, ECCV 1996). A head that turns shifts nose against ears along its
 * relief; a print or a screen obeys one homography.
 */
import { fitSimilarity, type Point, transform } from '../../align/affine.ts';
import { solveSymmetric } from '../../linear-systems.ts';
import { fitHomography, project } from './homography.ts';

/** All in widths of the landmark set (root mean square distance from its middle). */
export interface Parallax {
  /** Root mean square of what moved along the relief beyond any homography. */
  readonly alongRelief: number;
  /** Root mean square of the change of shape beyond turn, scale and shift in the picture. */
  readonly shapeChange: number;
}

/**
 * @param from x, y of the landmarks in one frame
 * @param to x, y of the same landmarks in another
 * @param relief how far each landmark is behind the others on a face, any unit; only its pattern counts
 * @returns undefined when the landmarks do not fix a homography
 */
export function measureParallax(
  from: Float64Array,
  to: Float64Array,
  relief: ArrayLike<number>,
): Parallax | undefined {
  const count = from.length / 2;
  const homography = fitHomography(from, to);
  const basis = tangents(from, relief);
  if (homography === undefined || basis === undefined) return undefined;
  const residual = new Float64Array(from.length);
  const before: Point[] = [], after: Point[] = [];
  for (let i = 0; i < from.length; i += 2) {
    const [x, y] = project(homography, from[i], from[i + 1]);
    residual[i] = to[i] - x;
    residual[i + 1] = to[i + 1] - y;
    before.push([from[i], from[i + 1]]);
    after.push([to[i], to[i + 1]]);
  }
  const similarity = fitSimilarity(before, after);
  let change = 0;
  before.forEach(([x, y], i) => {
    const [u, v] = transform(similarity, x, y);
    change += (u - after[i][0]) ** 2 + (v - after[i][1]) ** 2;
  });
  const flat = unexplained(residual, basis.columns.slice(0, FLAT));
  const solid = unexplained(residual, basis.columns);
  if (flat === undefined || solid === undefined) return undefined;
  return {
    alongRelief: Math.sqrt(Math.max(0, flat - solid) / count) / basis.size,
    shapeChange: Math.sqrt(change / count) / basis.size,
  };
}

/** Directions in which a homography can move the landmarks; those along the relief come after them. */
const FLAT = 8;

function tangents(points: Float64Array, relief: ArrayLike<number>) {
  const count = points.length / 2;
  let cx = 0, cy = 0, cz = 0, spread = 0, depth = 0;
  for (let i = 0; i < count; i++) {
    cx += points[2 * i] / count;
    cy += points[2 * i + 1] / count;
    cz += relief[i] / count;
  }
  for (let i = 0; i < count; i++) {
    spread += (points[2 * i] - cx) ** 2 + (points[2 * i + 1] - cy) ** 2;
    depth += (relief[i] - cz) ** 2;
  }
  const size = Math.sqrt(spread / count), deep = Math.sqrt(depth / count);
  if (!(size > 0) || !(deep > 0)) return undefined;
  const columns = Array.from({ length: FLAT + 2 }, () => new Float64Array(points.length));
  for (let i = 0; i < count; i++) {
    const x = (points[2 * i] - cx) / size, y = (points[2 * i + 1] - cy) / size;
    const z = (relief[i] - cz) / deep;
    const across = [1, x, y, 0, 0, 0, x * x, x * y, z, 0];
    const down = [0, 0, 0, 1, x, y, x * y, y * y, 0, z];
    columns.forEach((column, k) => {
      column[2 * i] = across[k];
      column[2 * i + 1] = down[k];
    });
  }
  return { size, columns };
}

/** Squares left of a vector after least squares by these columns; undefined when they are not independent. */
function unexplained(vector: Float64Array, columns: readonly Float64Array[]): number | undefined {
  const n = columns.length;
  const normal = new Float64Array(n * n), right = new Float64Array(n);
  for (let a = 0; a < n; a++) {
    right[a] = dot(columns[a], vector);
    for (let b = 0; b <= a; b++) {
      normal[n * a + b] = normal[n * b + a] = dot(columns[a], columns[b]);
    }
  }
  const solution = solveSymmetric(normal, right);
  if (solution === undefined) return undefined;
  return Math.max(0, dot(vector, vector) - dot(solution, right));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
