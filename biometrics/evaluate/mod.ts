/** Error rates and calibration: of the matcher, and of presentation attack detection. */
export { crossValidatedAccuracy, type ScoredPair } from './accuracy.ts';
export { calibrationFrom } from './calibrate.ts';
export { detPlot } from './det-plot.ts';
export { fitPad, type PadFit, type PadSample } from './fit-pad.ts';
export { clopperPearson } from './intervals.ts';
export { padDetPlot } from './pad-det.ts';
export { type PadRate, ratesAt, type ScoredPresentation } from './pad-rates.ts';
export { type PadReport, padReport, ratesAtLevels } from './pad-report.ts';
export { compareAll, type LabelledVector } from './score-histogram.ts';
export { falseMatchesAt, fnmrAt, thresholdFor } from './working-points.ts';
