/** Thresholds and error rates read off a score histogram. */
import { type CalibrationPoint, WORKING_POINTS } from '../match/calibration.ts';
import { BINS, binStart, type ScoreHistogram } from './score-histogram.ts';

/**
 * False matches a threshold must rest on. With 30 errors the true rate is within 30 % of the
 * observed one with 90 % confidence (Doddington's rule of 30).
 */
const SUPPORTING_ERRORS = 30;

/** Lowest threshold (a bin edge) at which at most `fmr` of the impostor pairs match. */
export function thresholdFor(histogram: ScoreHistogram, fmr: number): number {
  const allowed = fmr * histogram.impostorPairs;
  let above = 0;
  for (let bin = BINS - 1; bin >= 0; bin--) {
    above += histogram.impostors[bin];
    if (above > allowed) return binStart(bin + 1);
  }
  return -1;
}

/** Impostor pairs at or above a threshold. */
export function falseMatchesAt(histogram: ScoreHistogram, threshold: number): number {
  return sumOf(histogram.impostors, firstBin(threshold), BINS);
}

/** Share of genuine pairs below a threshold, every person counting the same; 0..1. */
export function fnmrAt(histogram: ScoreHistogram, threshold: number): number {
  return sumOf(histogram.genuine, 0, firstBin(threshold)) / histogram.people;
}

function firstBin(threshold: number): number {
  return Math.max(0, Math.min(BINS, Math.round((threshold + 1) / 2 * BINS)));
}

function sumOf(bins: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let bin = from; bin < to; bin++) sum += bins[bin];
  return sum;
}

/**
 * The working points of a calibration. Where fewer than 30 false matches would remain, the threshold
 * is extended along the straight line of threshold against log10(FMR) through the last two supported
 * decades, but never below the one at which the data itself keeps to the rate: mislabelled pictures
 * can make the last impostor scores fall off slower than the line.
 * @returns points by falling rate, and a sentence on the extrapolation ("" when there was none)
 */
export function findWorkingPoints(
  histogram: ScoreHistogram,
): { points: CalibrationPoint[]; extrapolation: string } {
  const isSupported = (fmr: number) => fmr * histogram.impostorPairs >= SUPPORTING_ERRORS;
  const decades = WORKING_POINTS.filter((fmr) => isSupported(fmr) && Math.log10(fmr) % 1 === 0);
  const [upper, lower] = [decades.at(-2), decades.at(-1)];
  let extrapolation = '';
  const points = WORKING_POINTS.map((fmr): CalibrationPoint => {
    let threshold = thresholdFor(histogram, fmr);
    const extrapolated = !isSupported(fmr);
    if (extrapolated && upper !== undefined && lower !== undefined) {
      const last = thresholdFor(histogram, lower);
      const slope = (last - thresholdFor(histogram, upper)) / Math.log10(lower / upper);
      threshold = Math.max(threshold, last + slope * Math.log10(fmr / lower));
      extrapolation =
        `Rates under ${lower} rest on fewer than ${SUPPORTING_ERRORS} false matches; ` +
        `their thresholds extend the line of threshold against log10(FMR) through ${upper} and ${lower}, ` +
        'or are those at which the data keep to the rate, whichever is higher.';
    }
    return {
      fmr,
      threshold,
      falseMatches: falseMatchesAt(histogram, threshold),
      extrapolated,
      fnmr: fnmrAt(histogram, threshold),
    };
  });
  return { points, extrapolation };
}
