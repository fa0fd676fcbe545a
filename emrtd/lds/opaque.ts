/**
 * Data groups without a structure that 9303 defines: DG8 to DG10 (9303-10 4.7.8 to 4.7.10, reserved) and
 * DG13 (4.7.13, at the issuer's discretion, not even TLV in some documents). Kept as bytes.
 */
import { parseTlv } from '../asn1/mod.ts';
import { attempt } from './element.ts';
import { Findings, type Parsed } from './finding.ts';
import { groupTag } from './groups.ts';

export interface OpaqueGroup {
  /** Value of the outer element, or the whole file when it has none. */
  content: Uint8Array;
}

/** Keeps EF.DG13. Never throws: a file that is not TLV is kept whole, with a finding. */
export function parseDg13(bytes: Uint8Array): Parsed<OpaqueGroup> {
  return parseOpaque(13, bytes);
}

/** Keeps data group `number`. Never throws: a file that is not TLV is kept whole, with a finding. */
export function parseOpaque(number: number, bytes: Uint8Array): Parsed<OpaqueGroup> {
  const name = `DG${number}`;
  const findings = new Findings(name);
  const file = attempt(
    findings,
    'outer element',
    () => parseTlv(bytes, { name, ber: true, allowTrailing: true }),
  );
  let content = bytes;
  if (file !== undefined && file.tag === groupTag(number)) {
    content = file.value;
    if (file.end < bytes.length) {
      findings.add('trailing-bytes', `${bytes.length - file.end} bytes after the file`);
    }
  } else if (file !== undefined) findings.add('unexpected', 'an outer tag of another file');
  return { data: { content }, findings: findings.list };
}
