/** Quality of face pictures: native measures and the checks built on them. */
export type { QualityInput, SourceFile } from './input.ts';
export { type FaceMeasures, measureFace } from './measure.ts';
export { type IcaoChecks, icaoChecks } from './icao.ts';
export { headPoseCheck } from './head-pose-check.ts';
