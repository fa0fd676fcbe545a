/** The passwords of BAC and PACE and the secrets made from them (9303-11 4.3.2, 4.4.4.1, 9.7.3). */
import { digest } from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import { mrzCheckDigit, withoutFillers } from '../lds/mod.ts';

export type PasswordKind = 'MRZ' | 'CAN' | 'PIN' | 'PUK';

/** A password ready for use. Holds a secret of the holder: do not log, do not keep. */
export interface AccessPassword {
  readonly kind: PasswordKind;
  /** f(π): SHA-1 of the MRZ information, or the characters of the others. */
  readonly secret: Uint8Array;
}

/** The three fields of the machine readable zone that open a chip. */
export interface MrzKey {
  /** Document number without check digit; the whole number where it is longer than nine characters. */
  documentNumber: string;
  /** YYMMDD, with `<` for unknown parts. */
  dateOfBirth: string;
  /** YYMMDD. */
  dateOfExpiry: string;
}

/** Reference in data object 83 of MSE:Set AT (9303-11 4.4.4.1). */
export const PASSWORD_REFERENCE: Readonly<Record<PasswordKind, number>> = {
  MRZ: 1,
  CAN: 2,
  PIN: 3,
  PUK: 4,
};

/** TD1 has 9 + 15 places for a long number (9303-5 4.2.2). */
const LONGEST_NUMBER = 24;

function invalid(what: string): EmrtdError {
  return new EmrtdError('ACCESS_KEY_INVALID', what);
}

function withCheckDigit(field: string): string {
  return `${field}${mrzCheckDigit(field)}`;
}

/**
 * MRZ_information of 9303-11 4.3.2: number, birth and expiry, each with its check digit. Throws
 * ACCESS_KEY_INVALID when a field is not of its form; the message names the field, not its value.
 */
export function mrzInformation(key: MrzKey): string {
  const number = withoutFillers(key.documentNumber.toUpperCase());
  if (!/^[A-Z0-9][A-Z0-9<]*$/.test(number) || number.length > LONGEST_NUMBER) {
    throw invalid('MRZ: document number has other characters or another length');
  }
  if (!/^[0-9<]{6}$/.test(key.dateOfBirth)) throw invalid('MRZ: date of birth is not YYMMDD');
  if (!/^[0-9<]{6}$/.test(key.dateOfExpiry)) throw invalid('MRZ: date of expiry is not YYMMDD');
  return [number.padEnd(9, '<'), key.dateOfBirth, key.dateOfExpiry].map(withCheckDigit).join('');
}

/** Password from the machine readable zone, for BAC and PACE. Throws ACCESS_KEY_INVALID. */
export function mrzPassword(key: MrzKey): AccessPassword {
  return { kind: 'MRZ', secret: digest('SHA-1', new TextEncoder().encode(mrzInformation(key))) };
}

function digits(kind: PasswordKind, text: string, pattern: RegExp, form: string): AccessPassword {
  if (!pattern.test(text)) throw invalid(`${kind} is not ${form}`);
  return { kind, secret: new TextEncoder().encode(text) };
}

/** Card access number, six digits (9303-11 4.4.1). Throws ACCESS_KEY_INVALID. */
export function canPassword(can: string): AccessPassword {
  return digits('CAN', can, /^[0-9]{6}$/, '6 digits');
}

/** PIN of an identity card, five or six digits (BSI TR-03110-2 2.3). Throws ACCESS_KEY_INVALID. */
export function pinPassword(pin: string): AccessPassword {
  return digits('PIN', pin, /^[0-9]{5,6}$/, '5 or 6 digits');
}

/** PUK of an identity card, ten digits (BSI TR-03110-2 2.3). Throws ACCESS_KEY_INVALID. */
export function pukPassword(puk: string): AccessPassword {
  return digits('PUK', puk, /^[0-9]{10}$/, '10 digits');
}
