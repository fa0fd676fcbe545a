/** The little linear algebra that fitting a rigid head needs: vectors and 3 x 3 turns. */

export type Vector = readonly [x: number, y: number, z: number];

/** Turn about `axis` by its length in radians, row by row (Rodrigues' formula). */
export function rotation(axis: Vector): Float64Array {
  const angle = Math.hypot(...axis);
  if (angle < 1e-12) return Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const [a, b, c] = axis.map((value) => value / angle);
  const cos = Math.cos(angle), sin = Math.sin(angle), rest = 1 - cos;
  return Float64Array.of(
    cos + a * a * rest,
    a * b * rest - c * sin,
    a * c * rest + b * sin,
    a * b * rest + c * sin,
    cos + b * b * rest,
    b * c * rest - a * sin,
    a * c * rest - b * sin,
    b * c * rest + a * sin,
    cos + c * c * rest,
  );
}

/** The turn `second` after the turn `first`. */
export function multiply(second: Float64Array, first: Float64Array): Float64Array {
  const out = new Float64Array(9);
  for (let row = 0; row < 9; row += 3) {
    for (let column = 0; column < 3; column++) {
      out[row + column] = second[row] * first[column] + second[row + 1] * first[3 + column] +
        second[row + 2] * first[6 + column];
    }
  }
  return out;
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
