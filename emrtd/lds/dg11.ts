/** DG11, additional personal details (ICAO 9303-10 4.7.11). */
import { Details } from './details.ts';
import type { Parsed } from './finding.ts';
import type { LdsImage } from './image.ts';

/** Each field is null when the document does not state it. */
export interface Dg11 {
  /** Name of the holder as written, with `<<` between the identifiers. */
  fullName: string | null;
  otherNames: string[];
  personalNumber: string | null;
  /** `yyyyMMdd`; unknown parts are 00. */
  dateOfBirth: string | null;
  placeOfBirth: string[] | null;
  permanentAddress: string[] | null;
  telephone: string | null;
  profession: string | null;
  title: string | null;
  personalSummary: string | null;
  proofOfCitizenship: LdsImage | null;
  otherTravelDocumentNumbers: string[] | null;
  custodyInformation: string | null;
}

const TAGS = [
  0x5f0e,
  0xa0,
  0x5f0f,
  0x5f10,
  0x5f2b,
  0x5f11,
  0x5f42,
  0x5f12,
  0x5f13,
  0x5f14,
  0x5f15,
  0x5f16,
  0x5f17,
  0x5f18,
];

/** Parses EF.DG11. Throws LDS_TAG for another file, ASN1_MALFORMED when the TLV is broken. */
export function parseDg11(bytes: Uint8Array): Parsed<Dg11> {
  const details = new Details(bytes, 0x6b, 'DG11', TAGS);
  const data: Dg11 = {
    fullName: details.text(0x5f0e),
    otherNames: details.names(0x5f0f),
    personalNumber: details.text(0x5f10),
    dateOfBirth: details.date(0x5f2b, 8),
    placeOfBirth: details.parts(0x5f11),
    permanentAddress: details.parts(0x5f42),
    telephone: details.text(0x5f12),
    profession: details.text(0x5f13),
    title: details.text(0x5f14),
    personalSummary: details.text(0x5f15),
    proofOfCitizenship: details.image(0x5f16),
    otherTravelDocumentNumbers: details.parts(0x5f17),
    custodyInformation: details.text(0x5f18),
  };
  return { data, findings: details.findings.list };
}
