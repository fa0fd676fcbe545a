/**
 * Plane transforms that say where each pixel of a crop comes from. All of them map crop pixels to
 * picture pixels, pixel centres at whole numbers.
 */

/** x = a*u + b*v + c, y = d*u + e*v + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** A point of the picture, pixels. */
export type Point = readonly [x: number, y: number];

/** Picture position of crop position (u, v). */
export function transform(m: Affine, u: number, v: number): Point {
  return [m[0] * u + m[1] * v + m[2], m[3] * u + m[4] * v + m[5]];
}

/** Picture pixels per crop pixel. */
export function scaleOf(m: Affine): number {
  return Math.sqrt(Math.abs(m[0] * m[4] - m[1] * m[3]));
}

/**
 * A turned square region seen as a `size` x `size` crop.
 * @param centre middle of the region in the picture
 * @param side length of its side in picture pixels
 * @param angle radians; the crop's horizontal axis points this way in the picture
 */
export function squareRegion(centre: Point, side: number, angle: number, size: number): Affine {
  const step = side / size;
  const cos = Math.cos(angle) * step;
  const sin = Math.sin(angle) * step;
  const half = (size - 1) / 2;
  return [
    cos,
    -sin,
    centre[0] - cos * half + sin * half,
    sin,
    cos,
    centre[1] - sin * half - cos * half,
  ];
}

/**
 * The similarity (turn, scale, shift) that maps crop points onto picture points with the least
 * squared error (Umeyama 1991, without reflection).
 * @param crop at least two points, not all equal
 * @param picture as many points
 */
export function fitSimilarity(crop: readonly Point[], picture: readonly Point[]): Affine {
  const n = crop.length;
  let u = 0, v = 0, x = 0, y = 0;
  for (let i = 0; i < n; i++) {
    u += crop[i][0] / n;
    v += crop[i][1] / n;
    x += picture[i][0] / n;
    y += picture[i][1] / n;
  }
  let along = 0, across = 0, spread = 0;
  for (let i = 0; i < n; i++) {
    const du = crop[i][0] - u, dv = crop[i][1] - v;
    const dx = picture[i][0] - x, dy = picture[i][1] - y;
    along += du * dx + dv * dy;
    across += du * dy - dv * dx;
    spread += du * du + dv * dv;
  }
  const a = along / spread, b = across / spread;
  return [a, -b, x - a * u + b * v, b, a, y - b * u - a * v];
}

/** The whole picture fitted into a `width` x `height` crop, centred, aspect ratio kept. */
export function letterbox(
  pictureWidth: number,
  pictureHeight: number,
  width: number,
  height: number,
): Affine {
  const step = Math.max(pictureWidth / width, pictureHeight / height);
  return [
    step,
    0,
    (pictureWidth - 1) / 2 - step * (width - 1) / 2,
    0,
    step,
    (pictureHeight - 1) / 2 - step * (height - 1) / 2,
  ];
}
