/** DG12, additional document details (ICAO 9303-10 4.7.12). */
import { Details } from './details.ts';
import type { Parsed } from './finding.ts';
import type { LdsImage } from './image.ts';

/** Each field is null when the document does not state it. */
export interface Dg12 {
  issuingAuthority: string | null;
  /** `yyyyMMdd`. */
  dateOfIssue: string | null;
  namesOfOtherPersons: string[];
  endorsementsAndObservations: string | null;
  taxOrExitRequirements: string | null;
  imageOfFront: LdsImage | null;
  imageOfRear: LdsImage | null;
  /** `yyyyMMddHHmmss`. */
  personalizationTime: string | null;
  personalizationSystemSerialNumber: string | null;
}

const TAGS = [0x5f19, 0x5f26, 0xa0, 0x5f1a, 0x5f1b, 0x5f1c, 0x5f1d, 0x5f1e, 0x5f55, 0x5f56];

/** Parses EF.DG12. Throws LDS_TAG for another file, ASN1_MALFORMED when the TLV is broken. */
export function parseDg12(bytes: Uint8Array): Parsed<Dg12> {
  const details = new Details(bytes, 0x6c, 'DG12', TAGS);
  const data: Dg12 = {
    issuingAuthority: details.text(0x5f19),
    dateOfIssue: details.date(0x5f26, 8),
    namesOfOtherPersons: details.names(0x5f1a),
    endorsementsAndObservations: details.text(0x5f1b),
    taxOrExitRequirements: details.text(0x5f1c),
    imageOfFront: details.image(0x5f1d),
    imageOfRear: details.image(0x5f1e),
    personalizationTime: details.date(0x5f55, 14),
    personalizationSystemSerialNumber: details.text(0x5f56),
  };
  return { data, findings: details.findings.list };
}
