/**
 * DG3 fingerprints and DG4 irises (ICAO 9303-10 4.7.3, 4.7.4): guarded by extended access control and
 * none of this library's business. The file is recognised by its tag and never opened.
 */
import { openFile } from './element.ts';
import { Findings, type Parsed } from './finding.ts';

export interface ProtectedBiometrics {
  kind: 'fingerprints' | 'irises';
  /** Length of the value in bytes; the value itself is not kept. */
  length: number;
}

/** Recognises EF.DG3. Throws LDS_TAG for another file, ASN1_MALFORMED for a broken outer element. */
export function parseDg3(bytes: Uint8Array): Parsed<ProtectedBiometrics> {
  return recognise(bytes, 0x63, 'DG3', 'fingerprints');
}

/** Recognises EF.DG4. Throws LDS_TAG for another file, ASN1_MALFORMED for a broken outer element. */
export function parseDg4(bytes: Uint8Array): Parsed<ProtectedBiometrics> {
  return recognise(bytes, 0x76, 'DG4', 'irises');
}

function recognise(
  bytes: Uint8Array,
  tag: number,
  name: string,
  kind: ProtectedBiometrics['kind'],
): Parsed<ProtectedBiometrics> {
  const findings = new Findings(name);
  const file = openFile(bytes, tag, name, findings);
  return { data: { kind, length: file.value.length }, findings: findings.list };
}
