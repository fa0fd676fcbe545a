/** Small measures that several detectors share. */

/** Natural logarithm with a floor, for powers and variances that can be zero. */
export function logOf(value: number, floor = 1e-6): number {
  return Math.log(Math.max(value, floor));
}

/** Value below which `share` of the values lie. Sorts its argument. */
export function quantile(values: Float32Array | Float64Array, share: number): number {
  values.sort();
  return values[Math.min(values.length - 1, Math.floor(share * values.length))];
}

/** Pearson's correlation; 0 where one of the two does not vary. */
export function correlation(a: Float32Array, b: Float32Array): number {
  let sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (let i = 0; i < a.length; i++) {
    sa += a[i];
    sb += b[i];
    saa += a[i] * a[i];
    sbb += b[i] * b[i];
    sab += a[i] * b[i];
  }
  const n = a.length;
  const va = saa - sa * sa / n, vb = sbb - sb * sb / n;
  return va > 1e-9 && vb > 1e-9 ? (sab - sa * sb / n) / Math.sqrt(va * vb) : 0;
}

/** Median of the absolute values, from every seventh: it is wanted often, and to one per cent only. */
export function medianSize(values: Float32Array): number {
  const some = new Float32Array(Math.ceil(values.length / 7));
  for (let i = 0; i < some.length; i++) some[i] = Math.abs(values[7 * i]);
  return quantile(some, 0.5);
}
