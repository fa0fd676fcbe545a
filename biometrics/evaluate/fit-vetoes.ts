/**
 * Where detectors that were trained elsewhere, on recorded attacks, refuse on their own: what they know
 * cannot be learned from synthetic attacks.
 */
import type { VetoCalibration } from '../liveness/calibration.ts';
import type { PadDetector, PadMeasurements } from '../liveness/detector.ts';
import type { PadSample } from './pad-samples.ts';

/** Share of bona fide presentations that all such detectors together may refuse. */
const VETO_BPCER = 0.03;

/**
 * One value for all: the own log-odds of each mean the same, so a presentation is judged by the lowest.
 * @param samples all with what the detectors measured
 */
export function fitVetoes(
  samples: readonly PadSample[],
  detectors: readonly PadDetector[],
): { vetoes: VetoCalibration[]; refuses: (measured: PadMeasurements) => boolean } {
  const judges = detectors.flatMap(({ id, ownOdds }) =>
    ownOdds === undefined
      ? []
      : [{ id, oddsOf: (measured: PadMeasurements) => ownOdds(measured[id]!) }]
  );
  if (judges.length === 0) return { vetoes: [], refuses: () => false };
  const bonaFide = samples.flatMap(({ species, measured }) => species === null ? [measured] : []);
  const lowest = (measured: PadMeasurements) =>
    Math.min(...judges.map(({ oddsOf }) => oddsOf(measured)));
  const below =
    bonaFide.map(lowest).toSorted((a, b) => a - b)[Math.floor(VETO_BPCER * bonaFide.length)];
  return {
    vetoes: judges.map(({ id, oddsOf }) => ({
      detector: id,
      below,
      bonaFide: bonaFide.length,
      refused: bonaFide.filter((measured) => oddsOf(measured) < below).length,
    })),
    refuses: (measured) => lowest(measured) < below,
  };
}
