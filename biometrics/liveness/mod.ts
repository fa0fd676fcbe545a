/** Presentation attack detection on single pictures and what came just before: detectors, calibration, rating. */
export {
  checkPadCalibration,
  type LevelCalibration,
  type PadCalibration,
  parsePadCalibration,
} from './calibration.ts';
export { type CaptureSignals, judgeCapture } from './capture-signals.ts';
export type { PadDetector, PadInput, PadMeasurements } from './detector.ts';
export { LIVENESS_LEVELS, type LivenessLevel, TARGET_APCER } from './level.ts';
export { measureScene, verdictsOf } from './measure.ts';
export { livenessDetectors, padCalibrationOf } from './meter.ts';
export { type LivenessRating, rateLiveness, reachesLiveness } from './rating.ts';
export { frameToCompare, judgeFeed, judgePerson, type SentFrame } from './sequence/burst.ts';
export { type LevelSupport, type LivenessSupport, livenessSupport } from './support.ts';
export { type DetectorVerdict, refuses } from './verdict.ts';
