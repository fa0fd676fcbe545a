/** Faces: pictures in, measurements out. No network, no files, no requests. */
export { FaceError, type FaceErrorCode } from './errors.ts';
export type { Box, DetectedFace, FaceAnalysis, FaceTemplate, Picture } from './types.ts';
export type { TemplatePart } from './embed/embedder.ts';
export { type AnalyseOptions, createFacePipeline, type FacePipeline } from './pipeline.ts';
export { type HeadPose, headPose } from './landmarks/pose.ts';
export { similarity } from './match/similarity.ts';
export { type MatchCalibration, parseCalibration } from './match/calibration.ts';
export {
  MATCH_LEVELS,
  type MatchKind,
  type MatchLevel,
  type MatchRating,
  rateSimilarity,
  reaches,
  workingPoints,
} from './match/rating.ts';
