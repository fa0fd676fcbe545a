/** Reading and judging a whole document. */
export type { ReaderFinding, ReaderFindingCode } from './finding.ts';
export type { ReaderLimits, ReadOptions } from './options.ts';
export type { ChipProof, ProofOutcome } from './proof.ts';
export { readDocument } from './read-document.ts';
export type { DocumentFiles, DocumentResult } from './result.ts';
export type { ReadEvent, ReadStep } from './steps.ts';
