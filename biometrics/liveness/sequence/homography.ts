/**
 * Plane-to-plane projective maps, fitted to point pairs by the normalised direct linear transform (Hartley
 * and Zisserman, Multiple View Geometry, algorithm 4.2) with weights that fall for pairs that do not fit.
 */
import { solveSymmetric } from '../../linear-systems.ts';
import { median } from './numbers.ts';

/** Row by row; the last number is 1 in the coordinates of the fit. */
export type Homography = Float64Array;

/** Rounds of fitting and weighing. */
const ROUNDS = 6;
/** Tukey's constant: 95 % efficiency for normally distributed errors. */
const TUKEY = 4.685;

/**
 * The map that takes `from` to `to`.
 * @param from x, y of at least 4 points
 * @param to x, y of as many points
 * @returns undefined when the points do not fix a map: too few, nearly on a line, not finite
 */
export function fitHomography(from: Float64Array, to: Float64Array): Homography | undefined {
  const count = from.length / 2;
  if (count < 4 || to.length !== from.length) return undefined;
  const source = normalise(from), target = normalise(to);
  if (source === undefined || target === undefined) return undefined;
  const weights = new Float64Array(count).fill(1);
  let fitted: Float64Array | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    fitted = solve(source.points, target.points, weights);
    if (fitted === undefined) return undefined;
    const errors = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const [x, y] = project(fitted, source.points[2 * i], source.points[2 * i + 1]);
      errors[i] = Math.hypot(x - target.points[2 * i], y - target.points[2 * i + 1]);
    }
    // 1.18 = median length of a two-dimensional normal error of deviation 1
    const limit = TUKEY * Math.max(median(errors) / 1.18, 1e-12);
    for (let i = 0; i < count; i++) {
      const u = errors[i] / limit;
      weights[i] = u < 1 ? (1 - u * u) ** 2 : 0;
    }
  }
  return fitted && compose(target, fitted, source);
}

/** Where the map takes (x, y). */
export function project(h: Homography, x: number, y: number): [x: number, y: number] {
  const w = h[6] * x + h[7] * y + h[8];
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}

interface Normalised {
  readonly points: Float64Array;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Middle at 0, mean distance from it the square root of 2. */
function normalise(points: Float64Array): Normalised | undefined {
  const count = points.length / 2;
  let x = 0, y = 0, distance = 0;
  for (let i = 0; i < count; i++) {
    x += points[2 * i] / count;
    y += points[2 * i + 1] / count;
  }
  for (let i = 0; i < count; i++) {
    distance += Math.hypot(points[2 * i] - x, points[2 * i + 1] - y) / count;
  }
  if (!(distance > 0) || !Number.isFinite(distance)) return undefined;
  const scale = Math.SQRT2 / distance;
  const out = points.map((value, i) => scale * (value - (i % 2 === 0 ? x : y)));
  return { points: out, x, y, scale };
}

/** Weighted least squares of the linear equations, the last number of the map held at 1. */
function solve(
  from: Float64Array,
  to: Float64Array,
  weights: Float64Array,
): Float64Array | undefined {
  const normal = new Float64Array(64), right = new Float64Array(8), row = new Float64Array(8);
  const add = (value: number, weight: number) => {
    for (let i = 0; i < 8; i++) {
      const scaled = weight * row[i];
      right[i] += scaled * value;
      for (let k = 0; k < 8; k++) normal[8 * i + k] += scaled * row[k];
    }
  };
  for (let i = 0; i < weights.length; i++) {
    const x = from[2 * i], y = from[2 * i + 1], u = to[2 * i], v = to[2 * i + 1];
    row.set([x, y, 1, 0, 0, 0, -u * x, -u * y]);
    add(u, weights[i]);
    row.set([0, 0, 0, x, y, 1, -v * x, -v * y]);
    add(v, weights[i]);
  }
  const solution = solveSymmetric(normal, right);
  return solution && Float64Array.of(...solution, 1);
}

/** The map in the coordinates of the caller: out of the target's normalisation after into the source's. */
function compose(target: Normalised, h: Float64Array, source: Normalised): Homography {
  const into = [
    source.scale,
    0,
    -source.scale * source.x,
    0,
    source.scale,
    -source.scale * source.y,
    0,
    0,
    1,
  ];
  const out = [1 / target.scale, 0, target.x, 0, 1 / target.scale, target.y, 0, 0, 1];
  return multiply(out, multiply(h, into));
}

function multiply(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const product = new Float64Array(9);
  for (let i = 0; i < 9; i++) {
    const row = 3 * Math.floor(i / 3), column = i % 3;
    product[i] = a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6];
  }
  return product;
}
