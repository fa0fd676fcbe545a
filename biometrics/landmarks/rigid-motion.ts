/** The little linear algebra that fitting a rigid head needs: 3 x 3 turns and one system of equations. */

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

/** Solves `matrix` x = `right` by elimination with row exchange; a singular matrix gives values that are not finite. */
export function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length, m = matrix.slice(), x = right.slice();
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let row = i + 1; row < n; row++) {
      if (Math.abs(m[n * row + i]) > Math.abs(m[n * pivot + i])) pivot = row;
    }
    for (let k = 0; k < n; k++) {
      [m[n * i + k], m[n * pivot + k]] = [m[n * pivot + k], m[n * i + k]];
    }
    [x[i], x[pivot]] = [x[pivot], x[i]];
    for (let row = i + 1; row < n; row++) {
      const factor = m[n * row + i] / m[n * i + i];
      for (let k = i; k < n; k++) m[n * row + k] -= factor * m[n * i + k];
      x[row] -= factor * x[i];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= m[n * i + k] * x[k];
    x[i] /= m[n * i + i];
  }
  return x;
}
