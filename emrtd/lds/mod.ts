/** The logical data structure of ICAO 9303-10: files of the chip in, typed contents and findings out. */
export { parseCom } from './com.ts';
export type { Com } from './com.ts';
export { parseDataGroups } from './data-groups.ts';
export type { DataGroups } from './data-groups.ts';
export { parseDg1 } from './dg1.ts';
export { parseDg2 } from './dg2.ts';
export type { Dg2 } from './dg2.ts';
export { parseDg11 } from './dg11.ts';
export type { Dg11 } from './dg11.ts';
export { parseDg12 } from './dg12.ts';
export type { Dg12 } from './dg12.ts';
export { parseDg14 } from './dg14.ts';
export { parseDg15 } from './dg15.ts';
export type { Dg15 } from './dg15.ts';
export { parseDg16 } from './dg16.ts';
export type { Dg16, PersonToNotify } from './dg16.ts';
export { parseDg5, parseDg6, parseDg7 } from './displayed-image.ts';
export type { DisplayedImages } from './displayed-image.ts';
export type { FaceImage, FaceRecordFormat } from './face.ts';
export { withoutFillers } from './fillers.ts';
export type { Finding, FindingCode, Parsed } from './finding.ts';
export { groupByTag, groupTag } from './groups.ts';
export type { ImageFormat, LdsImage } from './image.ts';
export { mrzCheckDigit } from './check-digit.ts';
export type { MrzDate } from './mrz-date.ts';
export type { MrzFormat } from './mrz-layout.ts';
export { parseMrz } from './mrz.ts';
export type { Mrz, MrzSex } from './mrz.ts';
export { parseDg13, parseOpaque } from './opaque.ts';
export type { OpaqueGroup } from './opaque.ts';
export { parseDg3, parseDg4 } from './protected-biometrics.ts';
export type { ProtectedBiometrics } from './protected-biometrics.ts';
export { protocolByOid } from './security-info-oids.ts';
export type { KeyAgreement, PaceMapping } from './security-info-oids.ts';
export { parseSecurityInfos } from './security-info.ts';
export type {
  ActiveAuthenticationInfo,
  ChipAuthenticationDomainParameterInfo,
  ChipAuthenticationInfo,
  ChipAuthenticationPublicKeyInfo,
  PaceDomainParameterInfo,
  PaceInfo,
  SecurityInfos,
  TerminalAuthenticationInfo,
  UnknownSecurityInfo,
} from './security-info.ts';
export { parseLdsSecurityObject } from './security-object.ts';
export type { LdsSecurityObject } from './security-object.ts';
export { parseSod } from './sod.ts';
export type { Sod } from './sod.ts';
