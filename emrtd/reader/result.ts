/** What reading a document gives. Fails closed: nothing here is true unless a named check made it so. */
import type { AccessMethod } from '../access/mod.ts';
import type { PassiveResult } from '../auth/passive.ts';
import type { Com, DataGroups } from '../lds/mod.ts';
import type { CheckResult } from '../types.ts';
import type { ReaderFinding } from './finding.ts';
import type { ChipProof } from './proof.ts';

/** The files of a document as read, with outer tags. */
export interface DocumentFiles {
  com?: Uint8Array;
  sod?: Uint8Array;
  cardAccess?: Uint8Array;
  cardSecurity?: Uint8Array;
  /** Data groups by number. */
  groups: ReadonlyMap<number, Uint8Array>;
}

export interface DocumentResult {
  access: AccessMethod;
  files: DocumentFiles;
  /** EF.COM; it is not signed. */
  com?: Com;
  /** Contents of the groups; authentic only as far as `passiveAuthentication` says. */
  groups: DataGroups;
  /** Every group that was asked for and that the document announces was read and could be parsed. */
  complete: boolean;
  passiveAuthentication: PassiveResult;
  chipAuthentication: ChipProof;
  chipAuthenticationMapping: ChipProof;
  activeAuthentication: ChipProof;
  /** All checks, in the order access, proofs of the chip, passive authentication. */
  checks: CheckResult[];
  findings: ReaderFinding[];
  statistics: {
    apdus: number;
    bytesSent: number;
    bytesReceived: number;
    /** How often access had to be given again. */
    reconnects: number;
  };
}
