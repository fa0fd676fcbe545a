/** EF.SOD (ICAO 9303-10 4.6.2): tag 77 around the CMS ContentInfo that signs the data group hashes. */
import { TAG } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { openFile } from './element.ts';
import { Findings, type Parsed } from './finding.ts';

export interface Sod {
  /** ContentInfo as it stands; may be BER with indefinite lengths. */
  contentInfo: Uint8Array;
}

/**
 * Parses the outer element of EF.SOD; the CMS inside belongs to `pki/`.
 * Throws LDS_TAG for another file, LDS_MALFORMED when it holds no SEQUENCE, ASN1_MALFORMED for broken TLV.
 */
export function parseSod(bytes: Uint8Array): Parsed<Sod> {
  const findings = new Findings('EF.SOD');
  const [contentInfo, ...rest] = openFile(bytes, 0x77, 'EF.SOD', findings).children();
  if (contentInfo === undefined || contentInfo.tag !== TAG.sequence) {
    throw new EmrtdError('LDS_MALFORMED', 'EF.SOD: no ContentInfo');
  }
  if (rest.length > 0) findings.add('unexpected', 'elements after ContentInfo');
  return { data: { contentInfo: contentInfo.raw }, findings: findings.list };
}
