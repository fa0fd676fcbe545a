/** DG14, security options (ICAO 9303-11 9.2): SecurityInfos inside tag 6E. */
import { openFile } from './element.ts';
import { Findings, type Parsed } from './finding.ts';
import { parseSecurityInfos, type SecurityInfos } from './security-info.ts';

/**
 * Parses EF.DG14. Single bad entries are findings.
 * Throws LDS_TAG for another file, LDS_MALFORMED for an empty set, ASN1_MALFORMED for broken TLV.
 */
export function parseDg14(bytes: Uint8Array): Parsed<SecurityInfos> {
  const findings = new Findings('DG14');
  const file = openFile(bytes, 0x6e, 'DG14', findings);
  const infos = parseSecurityInfos(file.value, 'DG14');
  return { data: infos.data, findings: [...findings.list, ...infos.findings] };
}
