/** Quality of face pictures: native measures and the checks built on them. */
export type { QualityInput, SourceFile } from './input.ts';
export { type FaceMeasures, measureFace } from './measure.ts';
export { type IcaoChecks, icaoChecks } from './icao.ts';
export { headPoseCheck } from './head-pose-check.ts';
export {
  parseQualityCalibration,
  type QualityCalibration,
  type QualityGate,
  type ScoreModel,
} from './calibration.ts';
export {
  judgeQuality,
  type QualityFinding,
  type QualityFindingKind,
  type QualityMode,
  type QualityVerdict,
} from './judge.ts';
export { measureInputs, recognitionInputs } from './quality-inputs.ts';
export { type QualityInputs, unifiedScore } from './unified-score.ts';
