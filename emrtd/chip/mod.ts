/** The software chip: personalise a specimen document and read it like a real one. */
export type { ActiveAuthenticationKey } from './active-authentication.ts';
export type { ChipAuthenticationKey } from './chip-authentication.ts';
export { SoftwareChip } from './chip.ts';
export type { ChipOptions } from './chip.ts';
export type {
  ActiveAuthenticationChoice,
  ChipAuthenticationChoice,
  ChipDescription,
  PaceChoice,
} from './description.ts';
export type { ChipDocument } from './document.ts';
export { LINE_FAULTS } from './fault.ts';
export type { FaultSettings, LineFault } from './fault.ts';
export { bytesFile, FILE, groupFile } from './file.ts';
export type { ChipFile, FileAccess } from './file.ts';
export type { Holder } from './holder.ts';
export { createAuthority } from './issue-authority.ts';
export type { Authority } from './issue-authority.ts';
export { usualIssueDay } from './issue-day.ts';
export { ISSUE_FAULTS } from './issue-fault.ts';
export type { IssueFault } from './issue-fault.ts';
export type { SignatureChoice } from './issue-key.ts';
export type { PaceVariant } from './pace.ts';
export { personalise } from './personalise.ts';
export type { Personalised } from './personalise.ts';
export { seededRandom } from './seeded-random.ts';
export { seededRsaKey } from './seeded-rsa.ts';
export { SPECIMEN_PHOTO, specimenHolder } from './specimen.ts';
