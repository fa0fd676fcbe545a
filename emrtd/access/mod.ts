/** Access to a chip (9303-11 4): BAC and PACE, their passwords, and the order in which they are tried. */
export { authenticateBac, basicAccessKeys } from './bac.ts';
export type { CardAccess } from './card-access.ts';
export { readCardAccess } from './card-access.ts';
export type { CamEvidence } from './chip-authentication-mapping.ts';
export { verifyChipAuthenticationMapping } from './chip-authentication-mapping.ts';
export type { AccessMethod, OpenedChip } from './open-chip.ts';
export { enterApplication, openChip } from './open-chip.ts';
export type { PaceAgreement } from './pace-agreement.ts';
export { dhAgreement, ecAgreement } from './pace-agreement.ts';
export type { PaceChoice } from './pace-domain.ts';
export { paceChoices } from './pace-domain.ts';
export type { PaceResult } from './pace.ts';
export { authenticatePace } from './pace.ts';
export type { AccessPassword, MrzKey, PasswordKind } from './password.ts';
export { canPassword, mrzInformation, mrzPassword, pinPassword, pukPassword } from './password.ts';
export type { StaticKey } from './static-key.ts';
export { parseStaticKey } from './static-key.ts';
