/** Error rates and calibration: of the matcher, of the quality of pictures, of presentation attack detection. */
export { crossValidatedAccuracy, type ScoredPair } from './accuracy.ts';
export { calibrationFrom } from './calibrate.ts';
export { degrade, type Fault, FAULTS, reducedFaceWidth } from './degrade.ts';
export { detPlot } from './det-plot.ts';
export { edcPlot } from './edc-plot.ts';
export {
  type DiscardPoint,
  errorDiscard,
  type GenuinePair,
  genuinePairs,
} from './error-discard.ts';
export { fitQuality, quantile, type WeightedPair } from './fit-quality.ts';
export { gatesFrom, type ReducedPicture } from './quality-gates.ts';
export { qualitySheet, type SheetEntry } from './quality-sheet.ts';
export { fitPad, type PadFit } from './fit-pad.ts';
export { fnmrIntervals } from './fnmr-interval.ts';
export { clopperPearson } from './intervals.ts';
export { padDetPlot } from './pad-det.ts';
export { type PadRate, ratesAt, type ScoredPresentation } from './pad-rates.ts';
export { type PadReport, padReport, ratesAtLevels } from './pad-report.ts';
export type { PadSample } from './pad-samples.ts';
export { compareAll, type LabelledVector } from './score-histogram.ts';
export { falseMatchesAt, fnmrAt, thresholdFor } from './working-points.ts';
