/**
 * The checks of single certificates and of the links between them in a certification path (RFC 5280
 * 6.1.3, 6.1.4; ICAO 9303-12 7.1.1 and 9303-11 5.1).
 */
import { authorityKeyId, subjectKeyId } from './certificate-index.ts';
import type { Certificate } from './certificate.ts';
import type { Checks } from './checks.ts';
import { type Extensions, KEY_USAGE } from './extension.ts';
import { EmrtdError } from '../errors.ts';
import { EXTENSION, PURPOSE } from './oids.ts';

/** Extensions that are processed, or whose meaning cannot make a path invalid. */
const UNDERSTOOD = new Set<string>([
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.basicConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.crlDistributionPoints,
  EXTENSION.documentTypeList,
  EXTENSION.extendedKeyUsage,
  EXTENSION.issuerAltName,
  EXTENSION.keyUsage,
  EXTENSION.nameChange,
  EXTENSION.privateKeyUsagePeriod,
  EXTENSION.subjectAltName,
  EXTENSION.subjectKeyIdentifier,
]);

/** What the first certificate of a path is used for. */
export interface LeafUse {
  /** Its key signs content: digitalSignature must be among its key usages if it names any. */
  signsContent?: boolean;
  /** OID that extendedKeyUsage must hold if it is there. */
  purpose?: string;
}

/** Whole seconds of a time, because certificates know no fractions (RFC 5280 4.1.2.5). */
function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'no date' : date.toISOString().slice(0, 10);
}

/** Checks that hold for every certificate of a path. */
export function checkCertificate(
  certificate: Certificate,
  role: string,
  at: Date,
  checks: Checks,
): void {
  const now = seconds(at);
  const [from, to] = [certificate.notBefore, certificate.notAfter];
  checks.test(
    `${role}.validity-period`,
    now >= seconds(from) && now <= seconds(to),
    `${day(at)} is within ${day(from)} to ${day(to)}`,
    `${day(at)} is outside ${day(from)} to ${day(to)}`,
  );
  checks.guard(`${role}.extensions`, () => {
    const { list, repeated } = certificate.extensions;
    const unknown = list.filter((e) => e.critical && !UNDERSTOOD.has(e.oid)).map((e) => e.oid);
    if (certificate.extensions.get(EXTENSION.nameConstraints) !== undefined) {
      unknown.push(EXTENSION.nameConstraints);
    }
    checks.test(
      `${role}.extensions`,
      unknown.length === 0 && repeated.length === 0,
      'every critical extension is understood and none is repeated',
      repeated.length > 0
        ? `extension ${repeated[0]} is repeated`
        : `extension ${unknown[0]} restricts the certificate in a way that is not processed`,
    );
  });
}

function checkKeyUsage(
  certificate: Certificate,
  role: string,
  use: keyof typeof KEY_USAGE,
  checks: Checks,
): void {
  const check = `${role}.key-usage`;
  checks.guard(check, () => {
    const usage = certificate.extensions.keyUsage;
    if (usage !== undefined) {
      checks.test(check, usage(KEY_USAGE[use]), `${use} is set`, `${use} is not set`);
    } else checks.skip(check, 'the certificate does not restrict the use of its key');
  });
}

/** Checks of the certificate whose key signed the content (ICAO 9303-12 7.1.1, document signer). */
export function checkLeafUse(
  certificate: Certificate,
  role: string,
  use: LeafUse,
  checks: Checks,
): void {
  if (use.signsContent === true) checkKeyUsage(certificate, role, 'digitalSignature', checks);
  checks.guard(`${role}.extended-key-usage`, () => {
    const purposes = certificate.extensions.extendedKeyUsage;
    if (purposes === undefined) return;
    const critical = certificate.extensions.get(EXTENSION.extendedKeyUsage)?.critical === true;
    if (use.purpose === undefined && !critical) return;
    const { purpose } = use;
    checks.test(
      `${role}.extended-key-usage`,
      purposes.includes(PURPOSE.any) || (purpose !== undefined && purposes.includes(purpose)),
      'the certificate is meant for this purpose',
      'the certificate is meant for another purpose',
    );
  });
}

/**
 * Checks of a certificate that issued another one. `below` counts the CA certificates under it. A
 * trusted certificate need not call itself an authority: some CSCA in use (BE, IT, LU, TR) do not, and
 * whoever imported them vouches for what they are.
 */
export function checkIssuer(
  certificate: Certificate,
  role: string,
  below: number,
  trusted: boolean,
  checks: Checks,
): void {
  const check = `${role}.basic-constraints`;
  checks.guard(check, () => {
    const constraints = trusted
      ? statedConstraints(certificate)
      : certificate.extensions.basicConstraints;
    if (trusted && constraints?.ca !== true) {
      checks.skip(
        check,
        'does not say that it is a certification authority, but is trusted as one',
      );
    } else {
      checks.test(
        check,
        constraints?.ca === true,
        'is a certification authority',
        constraints === undefined
          ? 'has no basicConstraints, so it is not a certification authority'
          : 'is not a certification authority',
      );
    }
    const limit = constraints?.pathLength;
    checks.test(
      `${role}.path-length`,
      limit === undefined || below <= limit,
      limit === undefined ? 'no path length constraint' : `${below} CA certificates of ${limit}`,
      `${below} CA certificates below it, ${limit} allowed`,
    );
  });
  checkKeyUsage(certificate, role, 'keyCertSign', checks);
}

/** Constraints of a trusted certificate; malformed ones (UA) count as none. */
function statedConstraints(certificate: Certificate): Extensions['basicConstraints'] {
  try {
    return certificate.extensions.basicConstraints;
  } catch (error) {
    if (error instanceof EmrtdError) return undefined;
    throw error;
  }
}

/** Checks that `issuer` can have issued `certificate`, by name and key identifier. */
export function checkLink(
  certificate: Certificate,
  role: string,
  issuer: Certificate,
  checks: Checks,
): void {
  checks.test(
    `${role}.issuer-name`,
    certificate.issuer.equals(issuer.subject) && !certificate.issuer.empty,
    `issued by ${certificate.issuer}`,
    certificate.issuer.empty
      ? 'the issuer has no name'
      : `names ${certificate.issuer} as its issuer, not ${issuer.subject}`,
  );
  const [named, own] = [authorityKeyId(certificate), subjectKeyId(issuer)];
  if (named === undefined || own === undefined) {
    checks.skip(`${role}.key-identifier`, 'one of the two certificates has no key identifier');
    return;
  }
  checks.test(
    `${role}.key-identifier`,
    named === own,
    `authority key identifier ${named}`,
    `authority key identifier ${named} is not ${own}`,
  );
}
