/**
 * Machine readable travel documents (ICAO Doc 9303): read a chip through a line that the caller gives,
 * judge what was read. No network, no files, no clock and no randomness of its own. `docs/emrtd.md` says
 * where to begin.
 */
export {
  canPassword,
  enterApplication,
  mrzPassword,
  openChip,
  pinPassword,
  pukPassword,
} from './access/mod.ts';
export type { AccessMethod, AccessPassword, MrzKey, OpenedChip } from './access/mod.ts';
export {
  CHALLENGE_BYTES,
  requestSignature,
  verifyActiveAuthentication,
} from './auth/active-authentication.ts';
export type {
  ActiveAuthenticationEvidence,
  ActiveAuthenticationMatch,
} from './auth/active-authentication.ts';
export { authenticateChip, chipAuthenticationChoices } from './auth/chip-authentication.ts';
export type {
  ChipAuthenticationChoice,
  ChipAuthenticationOutcome,
} from './auth/chip-authentication.ts';
export { passiveAuthentication } from './auth/passive.ts';
export type { GroupHash, PassiveRequest, PassiveResult } from './auth/passive.ts';
export { EmrtdError } from './errors.ts';
export type { EmrtdErrorCode } from './errors.ts';
export {
  dataGroupFile,
  DEFAULT_LIMITS,
  EF_CARD_ACCESS,
  EF_CARD_SECURITY,
  EF_COM,
  EF_SOD,
  readFile,
  selectFile,
  Session,
  statusName,
} from './iso7816/mod.ts';
export type { FileId, SessionLimits, SessionOptions } from './iso7816/mod.ts';
export { parseCom, parseDataGroups, parseDg1, parseDg14, parseDg15 } from './lds/mod.ts';
export type { Com, DataGroups, Dg11, Dg12, Dg2, Finding, Mrz, SecurityInfos } from './lds/mod.ts';
export { SecureChannel } from './messaging/mod.ts';
export type { ChannelState } from './messaging/mod.ts';
export { importInto, parseTrustStore, serialiseTrustStore, TrustStore } from './pki/mod.ts';
export type { ImportFile, ImportReport, Verdict } from './pki/mod.ts';
export { readDocument } from './reader/mod.ts';
export type {
  ChipProof,
  DocumentFiles,
  DocumentResult,
  ProofOutcome,
  ReaderFinding,
  ReaderFindingCode,
  ReaderLimits,
  ReadEvent,
  ReadOptions,
  ReadStep,
} from './reader/mod.ts';
export type { CheckResult, Clock, Random, Transceiver } from './types.ts';
