/** Error rates and calibration of the matcher, and of the quality of pictures. */
export { crossValidatedAccuracy, type ScoredPair } from './accuracy.ts';
export { calibrationFrom } from './calibrate.ts';
export { degrade, type Fault, FAULTS, randomNumbers, reducedFaceWidth } from './degrade.ts';
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
export { compareAll, type LabelledVector } from './score-histogram.ts';
export { fnmrAt, thresholdFor } from './working-points.ts';
