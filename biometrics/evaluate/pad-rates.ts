/**
 * Error rates of presentation attack detection as ISO/IEC 30107-3 defines them: APCER for each species
 * of attack instrument and its maximum, BPCER, BPCER at a fixed APCER, and the equal error rate.
 */
import { clopperPearson } from './intervals.ts';

/** One presentation with the score a detector gave it, 1 = bona fide. */
export interface ScoredPresentation {
  /** The species of the attack instrument; null for a bona fide presentation. */
  readonly species: string | null;
  readonly person: string;
  readonly score: number;
}

/** A share with its counts and 95 % interval. */
export interface PadRate {
  readonly rate: number;
  readonly errors: number;
  readonly total: number;
  readonly interval: readonly [low: number, high: number];
}

export interface PadRates {
  readonly threshold: number;
  /** APCER by species. */
  readonly species: Readonly<Record<string, PadRate>>;
  /** APCER of the species that passes most often, of equal ones the least sure: the APCER of the whole. */
  readonly apcer: PadRate;
  readonly bpcer: PadRate;
}

/** Rates when presentations with `threshold` or more pass. */
export function ratesAt(
  presentations: readonly ScoredPresentation[],
  threshold: number,
): PadRates {
  const counts = new Map<string | null, { errors: number; total: number }>();
  for (const { species, score } of presentations) {
    const count = counts.get(species) ?? { errors: 0, total: 0 };
    count.total++;
    if ((score >= threshold) === (species !== null)) count.errors++;
    counts.set(species, count);
  }
  const species = Object.fromEntries(
    [...counts].filter(([name]) => name !== null).toSorted(([a], [b]) => a! < b! ? -1 : 1)
      .map(([name, { errors, total }]) => [name!, rateOf(errors, total)]),
  );
  const worst =
    Object.values(species).toSorted((a, b) =>
      b.rate - a.rate || b.interval[1] - a.interval[1]
    )[0] ?? rateOf(0, 0);
  const { errors, total } = counts.get(null) ?? { errors: 0, total: 0 };
  return { threshold, species, apcer: worst, bpcer: rateOf(errors, total) };
}

function rateOf(errors: number, total: number): PadRate {
  const rate = total === 0 ? 0 : errors / total;
  return { rate, errors, total, interval: clopperPearson(errors, total) };
}

/**
 * The lowest threshold at which no species passes more often than `apcer`: at most floor(apcer x n) of
 * its n presentations have a score at or above it. Above 1 when that takes a score above all attacks'.
 */
export function thresholdForApcer(
  presentations: readonly ScoredPresentation[],
  apcer: number,
): number {
  return thresholdAllowing(presentations, (total) => Math.floor(apcer * total + 1e-9));
}

/** The lowest threshold at which each species passes at most as often as `allowed` of its number says. */
export function thresholdAllowing(
  presentations: readonly ScoredPresentation[],
  allowed: (total: number) => number,
): number {
  let threshold = 0;
  for (const scores of bySpecies(presentations).values()) {
    scores.sort((a, b) => b - a);
    const most = Math.max(0, allowed(scores.length));
    if (most >= scores.length) continue;
    threshold = Math.max(threshold, justAbove(scores[most]));
  }
  return threshold;
}

function bySpecies(presentations: readonly ScoredPresentation[]): Map<string, number[]> {
  const scores = new Map<string, number[]>();
  for (const { species, score } of presentations) {
    if (species === null) continue;
    if (!scores.has(species)) scores.set(species, []);
    scores.get(species)!.push(score);
  }
  return scores;
}

/** The next number of double precision. */
function justAbove(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + 1n);
  return value === 0 ? Number.MIN_VALUE : view.getFloat64(0);
}

/** Where the APCER of the worst species and BPCER are closest: their mean. */
export function equalErrorRate(presentations: readonly ScoredPresentation[]): number {
  const { apcer, bpcer } = pointRates(presentations, equalErrorThreshold(presentations));
  return (apcer + bpcer) / 2;
}

/** The threshold at which the APCER of the worst species and BPCER are closest. */
export function equalErrorThreshold(presentations: readonly ScoredPresentation[]): number {
  const thresholds = [...new Set(presentations.map(({ score }) => score)), Infinity]
    .toSorted((a, b) => a - b);
  const gap = (i: number) => {
    const { apcer, bpcer } = pointRates(presentations, thresholds[i]);
    return apcer - bpcer;
  };
  // APCER falls and BPCER rises with the threshold, so the crossing is found by halving.
  let low = 0, high = thresholds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (gap(middle) > 0) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(0, low - 1);
  return thresholds[Math.abs(gap(before)) < Math.abs(gap(low)) ? before : low];
}

/** As `ratesAt`, without intervals. */
export function pointRates(
  presentations: readonly ScoredPresentation[],
  threshold: number,
): { apcer: number; bpcer: number } {
  const passed = new Map<string, [passed: number, total: number]>();
  let refused = 0, bonaFide = 0;
  for (const { species, score } of presentations) {
    if (species === null) {
      bonaFide++;
      if (score < threshold) refused++;
      continue;
    }
    const count = passed.get(species) ?? [0, 0];
    if (score >= threshold) count[0]++;
    count[1]++;
    passed.set(species, count);
  }
  const apcer = Math.max(0, ...[...passed.values()].map(([n, total]) => n / total));
  return { apcer, bpcer: bonaFide === 0 ? 0 : refused / bonaFide };
}
