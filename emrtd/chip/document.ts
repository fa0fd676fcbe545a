/** A personalised chip: its files, keys and passwords, and what it supports. */
import type { ActiveAuthenticationKey } from './active-authentication.ts';
import type { ChipAuthenticationKey } from './chip-authentication.ts';
import type { ChipFile } from './file.ts';
import type { PaceVariant } from './pace.ts';

export interface ChipDocument {
  /** Document number, date of birth and date of expiry with their check digits (9303-11 4.3.2). */
  mrzInformation: string;
  can?: string;
  pin?: string;
  puk?: string;
  /** Basic access control. Without it and without PACE the chip is open to anybody. */
  bac: boolean;
  pace: readonly PaceVariant[];
  /** Files of the master file: EF.ATR/INFO, EF.DIR, EF.CardAccess, EF.CardSecurity. */
  masterFiles: readonly ChipFile[];
  /** Files of the eMRTD application. */
  applicationFiles: readonly ChipFile[];
  chipAuthentication: readonly ChipAuthenticationKey[];
  activeAuthentication?: ActiveAuthenticationKey;
  /** Accepts and gives APDUs of up to this many data bytes in extended length; absent: short only. */
  extendedLength?: number;
}
