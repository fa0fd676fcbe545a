/**
 * The machine readable zone of the chip's holder, written from the layouts of ICAO 9303-4, -5 and -6, and
 * the MRZ information that access keys come from (9303-11 4.3.2).
 */
import { EmrtdError } from '../errors.ts';

export interface Holder {
  format: 'TD1' | 'TD2' | 'TD3';
  /** Up to two characters: `P`, `I`, `ID`. */
  documentCode: string;
  /** Three letters, or fewer with fillers left out: `UTO`, `D`. */
  issuingState: string;
  /** Nine characters, or more in TD1 and TD2. */
  documentNumber: string;
  nationality: string;
  /** `yyMMdd`. */
  dateOfBirth: string;
  sex: 'M' | 'F' | '<';
  /** `yyMMdd`. */
  dateOfExpiry: string;
  primaryIdentifier: string;
  secondaryIdentifier: string;
  optionalData?: string;
}

/** Check digit of 9303-3 4.9. */
function digit(field: string): string {
  let sum = 0;
  [...field].forEach((character, i) => {
    const value = character === '<' ? 0 : parseInt(character, 36);
    sum += value * [7, 3, 1][i % 3];
  });
  return String(sum % 10);
}

function field(text: string, length: number, what: string): string {
  const value = text.toUpperCase().replaceAll(' ', '<').padEnd(length, '<');
  if (value.length > length || !/^[A-Z0-9<]*$/.test(value)) {
    throw new EmrtdError('CHIP_DESCRIPTION', `${what} does not fit into the machine readable zone`);
  }
  return value;
}

function nameField(holder: Holder, length: number): string {
  const name = `${holder.primaryIdentifier}<<${holder.secondaryIdentifier}`;
  return field(name, Math.max(length, name.length), 'name').slice(0, length);
}

/**
 * The whole zone, lines joined. A number of more than nine characters runs on in the optional data
 * (9303-5 4.2.2 note j). Throws CHIP_DESCRIPTION when a field does not fit.
 */
export function writeMrz(holder: Holder): string {
  const { format } = holder;
  const code = field(holder.documentCode, 2, 'document code');
  const state = field(holder.issuingState, 3, 'issuing state');
  const nationality = field(holder.nationality, 3, 'nationality');
  const birth = field(holder.dateOfBirth, 6, 'date of birth');
  const expiry = field(holder.dateOfExpiry, 6, 'date of expiry');
  const optional = holder.optionalData ?? '';
  const long = holder.documentNumber.length > 9;
  if (long && format === 'TD3') {
    throw new EmrtdError('CHIP_DESCRIPTION', 'document number does not fit into TD3');
  }
  const number = field(holder.documentNumber.slice(0, 9), 9, 'document number');
  const numberCheck = long ? '<' : digit(number);
  const overflow = long
    ? `${holder.documentNumber.slice(9)}${digit(holder.documentNumber)}<${optional}`
    : optional;
  const born = birth + digit(birth);
  const expires = expiry + digit(expiry);
  switch (format) {
    case 'TD1': {
      const upper = number + numberCheck + field(overflow, 15, 'optional data');
      const rest = field('', 11, 'optional data');
      const composite = digit(upper + born + expires + rest);
      return code + state + upper + born + holder.sex + expires + nationality + rest + composite +
        nameField(holder, 30);
    }
    case 'TD2': {
      const data = field(overflow, 7, 'optional data');
      const composite = digit(number + numberCheck + born + expires + data);
      return code + state + nameField(holder, 31) + number + numberCheck + nationality + born +
        holder.sex + expires + data + composite;
    }
    case 'TD3': {
      const data = field(optional, 14, 'optional data');
      const dataCheck = digit(data);
      const composite = digit(number + numberCheck + born + expires + data + dataCheck);
      return code + state + nameField(holder, 39) + number + numberCheck + nationality + born +
        holder.sex + expires + data + dataCheck + composite;
    }
  }
}

/** Document number, date of birth and date of expiry, each with its check digit (9303-11 4.3.2, 9.7.3). */
export function mrzInformation(
  { documentNumber, dateOfBirth, dateOfExpiry }: Pick<
    Holder,
    'documentNumber' | 'dateOfBirth' | 'dateOfExpiry'
  >,
): string {
  const number = documentNumber.padEnd(9, '<');
  return number + digit(number) + dateOfBirth + digit(dateOfBirth) + dateOfExpiry +
    digit(dateOfExpiry);
}
