/** Files of faces: ISO/IEC 19794-5 and 39794-5 records, our templates, and what a client may send. */
export { type FaceInput, readFaceInput } from './face-input.ts';
export type {
  FaceRecord,
  FaceRepresentation2005,
  FaceRepresentation2011,
  FeaturePoint,
  QualityBlock,
} from './face-record.ts';
export {
  type FaceRecord39794,
  type FaceRepresentation39794,
  plainFaceRecord39794,
  type QualityStatement,
  readFaceRecord39794,
  writeFaceRecord39794,
} from './face-39794.ts';
export { readFaceRecord } from './read-face-record.ts';
export { plainFaceRecord, writeFaceRecord } from './write-face-record.ts';
export { decodeTemplate, encodeTemplate } from './template.ts';
