/** Error rates and calibration of the matcher. */
export { type Accuracy, crossValidatedAccuracy, type ScoredPair } from './accuracy.ts';
export { calibrationFrom } from './calibrate.ts';
export { type DetCurve, detPlot } from './det-plot.ts';
export { compareAll, type LabelledVector, type ScoreHistogram } from './score-histogram.ts';
export { fnmrAt, thresholdFor } from './working-points.ts';
