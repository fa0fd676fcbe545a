/**
 * The machine readable zone (ICAO 9303-3 4, 9303-4, 9303-5, 9303-6): its fields, and each of its check
 * digits reported one by one. A wrong check digit never hides the field that it belongs to.
 */
import type { CheckResult } from '../types.ts';
import { mrzCheckDigit } from './check-digit.ts';
import { withoutFillers } from './fillers.ts';
import { type MrzDate, mrzDate } from './mrz-date.ts';
import { layoutOf, type MrzFormat, type MrzLayout } from './mrz-layout.ts';
import { longDocumentNumber } from './mrz-long-number.ts';

/** 9303-3 4.7: `<` on the document is unspecified, X in the visual zone. */
export type MrzSex = 'MALE' | 'FEMALE' | 'UNSPECIFIED';

export interface Mrz {
  format: MrzFormat;
  /** The lines as they stand. */
  lines: string[];
  documentCode: string;
  /** Three letters, or `D` for Germany; fillers removed. */
  issuingState: string;
  /** The whole number, also where it runs on in the optional data. */
  documentNumber: string;
  dateOfBirth: MrzDate;
  /** Null when the character is none of M, F, `<`. */
  sex: MrzSex | null;
  dateOfExpiry: MrzDate;
  nationality: string;
  /** Primary identifier, fillers inside it as spaces. */
  primaryIdentifier: string;
  /** Parts of the secondary identifier, in order; empty when the holder has none. */
  secondaryIdentifier: string[];
  /** True when the name fills its field, so that it may have been cut (9303-3 4.6). */
  nameMayBeTruncated: boolean;
  /** Personal number in TD3; without what belongs to a long document number. */
  optionalData1: string;
  /** TD1 only, otherwise null. */
  optionalData2: string | null;
  /** document-number, date-of-birth, date-of-expiry, optional-data (TD3), composite. */
  checks: CheckResult[];
}

/** Fields of a zone given as one string without line breaks; undefined for a length no document has. */
export function parseMrz(zone: string): Mrz | undefined {
  const layout = layoutOf(zone.length);
  if (layout === undefined) return undefined;
  const field = ([start, end]: readonly [number, number]) => zone.slice(start, end);
  const number = longDocumentNumber(
    layout.longNumber,
    field(layout.documentNumber),
    zone[layout.documentNumberCheck],
    field(layout.optionalData1),
  );
  const names = splitName(field(layout.name));
  return {
    format: layout.format,
    lines: Array.from(
      { length: layout.lines },
      (_, i) => zone.slice(i * layout.lineLength, (i + 1) * layout.lineLength),
    ),
    documentCode: withoutFillers(field(layout.documentCode)),
    issuingState: withoutFillers(field(layout.issuingState)),
    documentNumber: withoutFillers(number.documentNumber),
    dateOfBirth: mrzDate(field(layout.dateOfBirth)),
    sex: sexOf(zone[layout.sex]),
    dateOfExpiry: mrzDate(field(layout.dateOfExpiry)),
    nationality: withoutFillers(field(layout.nationality)),
    ...names,
    optionalData1: withoutFillers(number.optionalData),
    optionalData2: layout.optionalData2 === undefined
      ? null
      : withoutFillers(field(layout.optionalData2)),
    checks: checksOf(zone, layout, number),
  };
}

function checksOf(
  zone: string,
  layout: MrzLayout,
  number: { documentNumber: string; checkDigit: string },
): CheckResult[] {
  const field = ([start, end]: readonly [number, number]) => zone.slice(start, end);
  const checks = [
    compare('document-number', number.documentNumber, number.checkDigit),
    compare('date-of-birth', field(layout.dateOfBirth), zone[layout.dateOfBirthCheck]),
    compare('date-of-expiry', field(layout.dateOfExpiry), zone[layout.dateOfExpiryCheck]),
  ];
  if (layout.optionalDataCheck !== undefined) {
    const data = field(layout.optionalData1);
    const digit = zone[layout.optionalDataCheck];
    // 9303-4 4.2.2: an unused field may have a filler in place of its check digit
    checks.push(
      /^<*$/.test(data) && digit === '<'
        ? { check: 'optional-data', status: 'skipped', reason: 'the field is not used' }
        : compare('optional-data', data, digit),
    );
  }
  checks.push(
    compare('composite', layout.composite.map(field).join(''), zone[layout.compositeCheck]),
  );
  return checks;
}

function compare(check: string, data: string, digit: string): CheckResult {
  const expected = mrzCheckDigit(data);
  if (expected === undefined) {
    return { check, status: 'failed', reason: 'the field has characters outside A-Z, 0-9 and <' };
  }
  if (!/^\d$/.test(digit)) {
    return { check, status: 'failed', reason: 'the check digit is not a digit' };
  }
  return Number(digit) === expected
    ? { check, status: 'passed', reason: 'the check digit fits the field' }
    : { check, status: 'failed', reason: 'the check digit does not fit the field' };
}

function sexOf(character: string): MrzSex | null {
  switch (character) {
    case 'M':
      return 'MALE';
    case 'F':
      return 'FEMALE';
    case '<':
      return 'UNSPECIFIED';
    default:
      return null;
  }
}

function splitName(
  field: string,
): Pick<Mrz, 'primaryIdentifier' | 'secondaryIdentifier' | 'nameMayBeTruncated'> {
  const name = withoutFillers(field);
  const gap = name.indexOf('<<');
  const primary = gap < 0 ? name : name.slice(0, gap);
  const secondary = gap < 0 ? '' : name.slice(gap + 2);
  return {
    primaryIdentifier: primary.replaceAll('<', ' '),
    secondaryIdentifier: secondary.split('<').filter((part) => part !== ''),
    nameMayBeTruncated: !field.endsWith('<'),
  };
}
