/** The small description from which a whole specimen document is made. */
import type { CipherName, HashName, RsaPrivateKey } from '../crypto/mod.ts';
import type { Holder } from './holder.ts';
import type { IssueFault } from './issue-fault.ts';
import type { SignatureChoice } from './issue-key.ts';

/** One PACE variant (9303-11 4.4.3). */
export interface PaceChoice {
  mapping: 'GM' | 'IM' | 'CAM';
  /** Standardised domain parameters (9303-11 Table 12): 0 to 2, 8 to 18. */
  parameterId: number;
  cipher: CipherName;
  /** Announce the parameters as explicit ones under this id, 32 or above. */
  explicitId?: number;
}

/** One chip authentication key (9303-11 6.2). */
export interface ChipAuthenticationChoice {
  /** Standardised domain parameters; they are written out in DG14. */
  parameterId: number;
  cipher: CipherName;
  keyId?: number;
}

/** Active authentication (9303-11 6.1). */
export type ActiveAuthenticationChoice =
  | { kind: 'rsa'; bits: number; hash: HashName; form?: 'plain' | 'minimum' }
  | { kind: 'rsa'; key: RsaPrivateKey; hash: HashName; form?: 'plain' | 'minimum' }
  | { kind: 'ecdsa'; curve: string; hash: HashName; encoding?: 'plain' | 'der' };

export interface ChipDescription {
  /** All keys and nonces of the personalisation follow from it. */
  seed: string;
  holder: Holder;
  /** JPEG or JPEG 2000 as it goes into DG2. */
  photo: Uint8Array;
  photoWidthPixels?: number;
  photoHeightPixels?: number;
  /** Two letters for the names of the certificates. Default `UT`. */
  country?: string;
  /** Basic access control. */
  bac: boolean;
  pace?: readonly PaceChoice[];
  /** Six digits; with PACE only. */
  can?: string;
  pin?: string;
  puk?: string;
  chipAuthentication?: readonly ChipAuthenticationChoice[];
  activeAuthentication?: ActiveAuthenticationChoice;
  /** Of CSCA and document signer. Default ECDSA on P-256 with SHA-256, explicit parameters. */
  signature?: SignatureChoice;
  /** Day of issue: the document signer is valid from here for ten years. */
  issuedAt: Date;
  /** Longest data field in extended length; absent: short APDUs only. */
  extendedLength?: number;
  /** Further data groups as whole files, by number; they replace generated ones. */
  groups?: ReadonlyMap<number, Uint8Array>;
  /** Version of LDSSecurityObject. Default 0. */
  securityObjectVersion?: 0 | 1;
  faults?: readonly IssueFault[];
}
