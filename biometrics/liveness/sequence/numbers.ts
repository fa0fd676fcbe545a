/** Robust numbers of short series. */

/** Middle value; the mean of the two middle ones of an even count; NaN of nothing. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Standard deviation of normally distributed values, from the median of their distances to the median. */
export function robustDeviation(values: ArrayLike<number>): number {
  const centre = median(values);
  // 1.4826 = 1 / (third quartile of the standard normal distribution)
  return 1.4826 * median(Float64Array.from(values, (value) => Math.abs(value - centre)));
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Value between 0 and 1. */
export function unitRange(x: number): number {
  return x < 0 ? 0 : x > 1 ? 1 : x;
}
