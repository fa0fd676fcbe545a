/** DG15, active authentication public key (ICAO 9303-10 4.7.15): SubjectPublicKeyInfo inside tag 6F. */
import { TAG } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { openFile } from './element.ts';
import { Findings, type Parsed } from './finding.ts';

export interface Dg15 {
  /** SubjectPublicKeyInfo, DER as it stands. */
  publicKey: Uint8Array;
}

/**
 * Parses EF.DG15 down to the key, which `parseSpki` reads.
 * Throws LDS_TAG for another file, LDS_MALFORMED when it holds no SEQUENCE, ASN1_MALFORMED for broken TLV.
 */
export function parseDg15(bytes: Uint8Array): Parsed<Dg15> {
  const findings = new Findings('DG15');
  const [key, ...rest] = openFile(bytes, 0x6f, 'DG15', findings).children();
  if (key === undefined || key.tag !== TAG.sequence) {
    throw new EmrtdError('LDS_MALFORMED', 'DG15: no SubjectPublicKeyInfo');
  }
  if (rest.length > 0) findings.add('unexpected', 'elements after the public key');
  return { data: { publicKey: key.raw }, findings: findings.list };
}
