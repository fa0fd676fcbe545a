/** Separation of two sets of scores. */

/** Probability that a bona fide score is above that of an attack; ties count half. */
export function areaUnderCurve(bonaFide: readonly number[], attacks: readonly number[]): number {
  let above = 0;
  for (const score of bonaFide) {
    for (const attack of attacks) above += score > attack ? 1 : score === attack ? 0.5 : 0;
  }
  return above / (bonaFide.length * attacks.length);
}

/** Share of the values for which a condition holds; NaN of none. */
export function share<T>(values: readonly T[], holds: (value: T) => boolean): number {
  return values.filter(holds).length / values.length;
}

/** Percent, or a dash where there was nothing to count. */
export function percent(part: number): string {
  return Number.isNaN(part) ? '-' : (100 * part).toFixed(1);
}

export function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
