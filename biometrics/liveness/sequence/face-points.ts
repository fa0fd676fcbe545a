/** Which mesh points lie on bone, and which move with an expression. */

/** Nose, eye corners, forehead, temples and sides, cheek bones. */
export const RIGID_POINTS: readonly number[] = [
  ...[1, 2, 4, 5, 6, 19, 94, 97, 98, 168, 195, 197, 326, 327, 45, 275, 44, 274, 48, 278, 64, 294],
  ...[33, 133, 263, 362],
  ...[10, 151, 9, 8, 109, 338, 67, 297, 69, 299, 108, 337, 103, 332, 104, 333, 54, 284],
  ...[21, 251, 162, 389, 127, 356, 234, 454, 93, 323, 132, 361],
  ...[116, 345, 117, 346, 118, 347, 123, 352, 147, 376, 50, 280, 36, 266, 101, 330],
];

/** Lips and corners of the mouth, brows, middle of the lids. */
export const MOVING_POINTS: readonly number[] = [
  ...[0, 17, 13, 14, 61, 291],
  ...[105, 334, 65, 295],
  ...[159, 386, 145, 374],
];

/** x, y of these points of a mesh of x, y, z. */
export function pointsOf(mesh: Float32Array, indices: readonly number[]): Float64Array {
  return Float64Array.from(
    { length: 2 * indices.length },
    (_, i) => mesh[3 * indices[i >> 1] + (i & 1)],
  );
}
