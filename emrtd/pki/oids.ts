/** Object identifiers of certificates, CMS messages and lists, each with the clause that defines it. */

/** Certificate and CRL extensions (RFC 5280 4.2 and 5.2; ICAO 9303-12 7.1.1). */
export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  privateKeyUsagePeriod: '2.5.29.16',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  nameChange: '2.23.136.1.1.6.1',
  documentTypeList: '2.23.136.1.1.6.2',
} as const;

/** Extended key usages (RFC 5280 4.2.1.12; ICAO 9303-12 7.1.1 and 10). */
export const PURPOSE = {
  any: '2.5.29.37.0',
  masterListSigner: '2.23.136.1.1.3',
  deviationListSigner: '2.23.136.1.1.8',
} as const;

/** Content types of CMS messages (RFC 5652 4 and 5; ICAO 9303-10 4.6.2, 9303-12 9 and 10; BSI TR-03110-3 A.1.2.5). */
export const CONTENT_TYPE = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  ldsSecurityObject: '2.23.136.1.1.1',
  masterList: '2.23.136.1.1.2',
  deviationList: '2.23.136.1.1.7',
  securityObject: '0.4.0.127.0.7.3.2.1',
} as const;

/** Signed attributes of CMS (RFC 5652 11). */
export const ATTRIBUTE = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
} as const;
