/** Error rates and calibration of the matcher. */
export { crossValidatedAccuracy, type ScoredPair } from './accuracy.ts';
export { calibrationFrom } from './calibrate.ts';
export { detPlot } from './det-plot.ts';
export { compareAll, type LabelledVector } from './score-histogram.ts';
export { fnmrAt, thresholdFor } from './working-points.ts';
