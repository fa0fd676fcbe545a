/**
 * Where detectors that were trained elsewhere, on recorded attacks, refuse on their own: what they know
 * cannot be learned from synthetic attacks. What all detectors together hardly ever say of an attack
 * overrules them.
 */
import type { VetoCalibration } from '../liveness/calibration.ts';
import type { PadDetector, PadMeasurements } from '../liveness/detector.ts';
import type { PadSample } from './pad-samples.ts';
import { type ScoredPresentation, thresholdForApcer } from './pad-rates.ts';

/** Share of bona fide presentations that all such detectors together may refuse. */
const VETO_BPCER = 0.02;
/** Share of the attacks of any species that may reach the score that overrules them. */
const OVERRULING_APCER = 0.01;
/** Log-odds of what a network itself takes for neither: it refuses nothing above. */
const UNDECIDED = 0;

/**
 * One value for all: the own log-odds of each mean the same, so a presentation is judged by the lowest.
 * @param samples all with what the detectors measured
 * @param fused scores of the same presentations, without vetoes
 */
export function fitVetoes(
  samples: readonly PadSample[],
  detectors: readonly PadDetector[],
  fused: readonly ScoredPresentation[],
): { vetoes: VetoCalibration[]; refuses: (measured: PadMeasurements, score: number) => boolean } {
  const judges = detectors.flatMap(({ id, ownOdds }) =>
    ownOdds === undefined
      ? []
      : [{ id, oddsOf: (measured: PadMeasurements) => ownOdds(measured[id]!) }]
  );
  if (judges.length === 0) return { vetoes: [], refuses: () => false };
  const overruledFrom = Math.min(1, thresholdForApcer(fused, OVERRULING_APCER));
  const bonaFide = samples.flatMap(({ species, measured }, i) =>
    species === null ? [{ measured, overruled: fused[i].score >= overruledFrom }] : []
  );
  const lowest = (measured: PadMeasurements) =>
    Math.min(...judges.map(({ oddsOf }) => oddsOf(measured)));
  const below = bonaFide
    .map(({ measured, overruled }) => overruled ? UNDECIDED : Math.min(UNDECIDED, lowest(measured)))
    .toSorted((a, b) => a - b)[Math.floor(VETO_BPCER * bonaFide.length)];
  return {
    vetoes: judges.map(({ id, oddsOf }) => ({
      detector: id,
      below,
      overruledFrom,
      bonaFide: bonaFide.length,
      refused: bonaFide.filter(({ measured, overruled }) => !overruled && oddsOf(measured) < below)
        .length,
    })),
    refuses: (measured, score) => score < overruledFrom && lowest(measured) < below,
  };
}
