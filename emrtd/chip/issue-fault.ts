/** Faults of the personalised data: documents that were forged, copied or badly issued. */

/** All issue faults with what they do. */
export const ISSUE_FAULTS = {
  'tampered-dg1': 'one character of DG1 was changed after signing',
  'tampered-dg2': 'one byte of the photo was changed after signing',
  'broken-dg11': 'DG11 is signed but broken inside',
  'expired-ds': 'the document signer certificate ended before the day of issue',
  'revoked-ds': 'the document signer is on the CRL of the CSCA',
  'wrong-csca': 'the trusted CSCA has the same name but another key',
  'sod-bad-signature': 'one bit of the signature of EF.SOD is wrong',
  'sod-missing': 'there is no EF.SOD',
  'sod-nonsense': 'EF.SOD holds no CMS structure',
  'com-missing': 'there is no EF.COM',
  'com-hides-dg14': 'EF.COM does not list DG14',
  'dg2-not-in-sod': 'EF.SOD has no hash of DG2',
  'dg14-not-in-sod': 'EF.SOD has no hash of DG14',
  'dg15-not-in-sod': 'EF.SOD has no hash of DG15',
  'dg2-missing': 'EF.SOD has a hash of DG2 but the file is absent',
  'card-access-changed': 'EF.CardAccess announces a protocol that DG14 does not have',
  'card-access-stripped': 'EF.CardAccess leaves out the first protocol of DG14: a downgrade',
  'card-security-forged': 'EF.CardSecurity is signed by a signer of another CSCA',
  'no-ca-info': 'DG14 holds the key of chip authentication without ChipAuthenticationInfo',
} as const;

export type IssueFault = keyof typeof ISSUE_FAULTS;
