/** DG16, persons to notify (ICAO 9303-10 4.7.16): a count and templates A1, A2, … */
import { findTag, type Tlv } from '../asn1/mod.ts';
import { attempt, openFile, smallNumber } from './element.ts';
import { dateDigits } from './dates.ts';
import { Findings, type Parsed } from './finding.ts';
import { fieldParts, fieldText } from './text.ts';

export interface PersonToNotify {
  /** `yyyyMMdd`. */
  dateRecorded: string | null;
  name: string | null;
  telephone: string | null;
  address: string[] | null;
}

export interface Dg16 {
  persons: PersonToNotify[];
}

/** Templates A1 to AF; more do not fit into one tag byte. */
const FIRST_TEMPLATE = 0xa1;
const LAST_TEMPLATE = 0xaf;

/** Parses EF.DG16. Throws LDS_TAG for another file, ASN1_MALFORMED when the TLV is broken. */
export function parseDg16(bytes: Uint8Array): Parsed<Dg16> {
  const findings = new Findings('DG16');
  const elements = openFile(bytes, 0x70, 'DG16', findings).children();
  const templates = elements.filter(({ tag }) => tag >= FIRST_TEMPLATE && tag <= LAST_TEMPLATE);
  const count = findTag(elements, 0x02);
  const stated = count === undefined
    ? undefined
    : attempt(findings, 'count', () => smallNumber(count.value, 'DG16'));
  if (stated !== templates.length) {
    findings.add('undeclared', `${stated ?? 'no'} persons stated, ${templates.length} present`);
  }
  const most = LAST_TEMPLATE - FIRST_TEMPLATE + 1;
  if (templates.length > most) findings.add('limit', `${templates.length} persons`);
  const persons: PersonToNotify[] = [];
  templates.slice(0, most).forEach((template, i) => {
    const part = `person ${i + 1}`;
    attempt(findings, part, () => persons.push(readPerson(template, part, findings)));
  });
  return { data: { persons }, findings: findings.list };
}

function readPerson(template: Tlv, part: string, findings: Findings): PersonToNotify {
  const elements = template.children();
  const read = <T>(tag: number, as: (bytes: Uint8Array) => T | null): T | null => {
    const element = findTag(elements, tag);
    return element === undefined ? null : as(element.value);
  };
  return {
    dateRecorded: read(0x5f50, (bytes) => dateDigits(bytes, 8, part, findings)),
    name: read(0x5f51, (bytes) => fieldText(bytes, part, findings)),
    telephone: read(0x5f52, (bytes) => fieldText(bytes, part, findings)),
    address: read(0x5f53, (bytes) => fieldParts(bytes, part, findings)),
  };
}
