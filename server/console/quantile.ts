/** Quantiles of values of which only their number in each bucket is known. */

/**
 * As `histogram_quantile` of Prometheus: linear inside a bucket, and the last bound for what lies above it.
 * @param bounds upper ends, ascending, the lowest bucket beginning at 0
 * @param counts values in each bucket, and in one above the last bound
 * @returns undefined without values
 */
export function quantile(
  bounds: readonly number[],
  counts: readonly number[],
  share: number,
): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0) return undefined;
  const rank = share * total;
  let below = 0;
  for (const [i, bound] of bounds.entries()) {
    const count = counts[i];
    if (count > 0 && below + count >= rank) {
      const from = i === 0 ? 0 : bounds[i - 1];
      return from + (bound - from) * Math.max(0, rank - below) / count;
    }
    below += count;
  }
  return bounds[bounds.length - 1];
}
