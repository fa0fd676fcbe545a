/** Mean over a square window, whatever its size at the cost of two passes; windows shrink at the edges. */

/**
 * @param data width x height numbers, row by row
 * @param radius the window is 2 x radius + 1 wide
 */
export function boxBlur(
  data: Float32Array,
  width: number,
  height: number,
  radius: number,
): Float32Array {
  const scaleX = windowScales(width, radius), scaleY = windowScales(height, radius);
  const rows = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let sum = 0;
    for (let x = -radius; x < width; x++) {
      if (x + radius < width) sum += data[start + x + radius];
      if (x > radius) sum -= data[start + x - radius - 1];
      if (x >= 0) rows[start + x] = sum * scaleX[x];
    }
  }
  // Down the columns, a row of sums at a time, so that memory is read in order.
  const out = new Float32Array(data.length), sums = new Float64Array(width);
  for (let y = -radius; y < height; y++) {
    const enters = (y + radius) * width, leaves = (y - radius - 1) * width, at = y * width;
    if (y + radius < height) { for (let x = 0; x < width; x++) sums[x] += rows[enters + x]; }
    if (y > radius) { for (let x = 0; x < width; x++) sums[x] -= rows[leaves + x]; }
    if (y >= 0) { for (let x = 0; x < width; x++) out[at + x] = sums[x] * scaleY[y]; }
  }
  return out;
}

/** One over the pixels of the window around each position. */
function windowScales(length: number, radius: number): Float64Array {
  return Float64Array.from(
    { length },
    (_, i) => 1 / (Math.min(length - 1, i + radius) - Math.max(0, i - radius) + 1),
  );
}
