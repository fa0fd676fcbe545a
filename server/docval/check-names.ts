/**
 * The checks behind a verdict by name, for labels. A document that brings many certificates makes checks of
 * `intermediate-1`, `intermediate-2` and so on; they count as one.
 */
const ROLES = ['signer', 'intermediate', 'anchor'];
/** RFC 5280 and ICAO 9303-12 7, of one certificate of a path. */
const CERTIFICATE = [
  'basic-constraints',
  'extended-key-usage',
  'extensions',
  'issuer-name',
  'key-identifier',
  'key-usage',
  'path-length',
  'revocation',
  'signature',
  'validity-period',
];
const SIGNED_DATA = [
  'signed-data',
  'content-type',
  'signed-content-type',
  'signed-attributes',
  'message-digest',
  'signature',
];
const CHIP = [
  'access',
  'chip-proof',
  'chip-authentication',
  'chip-authentication.key',
  'chip-authentication.proof',
  'chip-authentication-mapping',
  'chip-authentication-mapping.card-security',
  'chip-authentication-mapping.chain',
  'chip-authentication-mapping.link',
  'chip-authentication-mapping.signature',
  'active-authentication',
  'active-authentication.key',
  'active-authentication.signature',
];
const GROUPS = Array.from({ length: 16 }, (_, i) => `DG${i + 1}.hash`);

export const CHECK_NAMES: readonly string[] = [
  ...CHIP,
  ...SIGNED_DATA,
  'chain',
  'anchor.found',
  ...ROLES.flatMap((role) => CERTIFICATE.map((check) => `${role}.${check}`)),
  'hashes',
  ...GROUPS,
];

/** @param check as the library names it */
export function checkName(check: string): string {
  return check.replace(/^intermediate-\d+\./, 'intermediate.');
}
