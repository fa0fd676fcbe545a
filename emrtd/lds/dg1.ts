/** DG1, machine readable zone (ICAO 9303-10 4.7.1): tag 61 around data object 5F1F. */
import { findTag } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { openFile } from './element.ts';
import { Findings, type Parsed } from './finding.ts';
import { type Mrz, parseMrz } from './mrz.ts';
import { asciiText } from './text.ts';

/** Characters of a zone of TD1. */
const LONGEST_ZONE = 90;

/**
 * Parses EF.DG1.
 * Throws LDS_TAG for another file, LDS_MALFORMED when the zone is missing or of no known length,
 * ASN1_MALFORMED when the TLV is broken. Wrong check digits are results in `data.checks`.
 */
export function parseDg1(bytes: Uint8Array): Parsed<Mrz> {
  const findings = new Findings('DG1');
  const file = openFile(bytes, 0x61, 'DG1', findings);
  const element = findTag(file.children(), 0x5f1f);
  if (element === undefined) throw new EmrtdError('LDS_MALFORMED', 'DG1: no element 5F1F');
  const zone = asciiText(element.value.subarray(0, LONGEST_ZONE));
  const mrz = element.value.length > LONGEST_ZONE ? undefined : parseMrz(zone);
  if (mrz === undefined) {
    throw new EmrtdError('LDS_MALFORMED', `DG1: a zone of ${element.value.length} characters`);
  }
  if (!/^[A-Z0-9<]*$/.test(zone)) {
    findings.add('bad-character', 'characters outside A-Z, 0-9 and <');
  }
  if (!mrz.dateOfBirth.valid) findings.add('malformed', 'the date does not exist', 'date of birth');
  if (!mrz.dateOfExpiry.valid) {
    findings.add('malformed', 'the date does not exist', 'date of expiry');
  }
  return { data: mrz, findings: findings.list };
}
