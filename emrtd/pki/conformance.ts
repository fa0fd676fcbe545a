/**
 * Breaches of the certificate profile (RFC 5280 4; ICAO 9303-12 7.1.1) that do not make a path
 * invalid, because documents in use have them: reported, so that an operator can see what a state
 * issues, and a stricter caller can refuse them.
 */
import { authorityKeyId, subjectKeyId } from './certificate-index.ts';
import type { Certificate } from './certificate.ts';
import type { Deviation } from './checks.ts';
import { KEY_USAGE } from './extension.ts';
import { EXTENSION } from './oids.ts';
import { EmrtdError } from '../errors.ts';

interface Rule {
  rule: string;
  detail: string;
  broken(certificate: Certificate, issuesCertificates: boolean): boolean;
}

function has(certificate: Certificate, oid: string): boolean {
  return certificate.extensions.get(oid) !== undefined;
}

function critical(certificate: Certificate, oid: string): boolean {
  return certificate.extensions.get(oid)?.critical === true;
}

function selfSigned(certificate: Certificate): boolean {
  const named = authorityKeyId(certificate);
  return certificate.selfIssued && (named === undefined || named === subjectKeyId(certificate));
}

/** Longest serial number that RFC 5280 allows: 20 octets with the sign bit clear. */
const MAX_SERIAL = 1n << 159n;

const RULES: readonly Rule[] = [
  {
    rule: 'RFC 5280 4.1.2.2',
    detail: 'the serial number is not a positive number of at most 20 bytes',
    broken: ({ serial }) => serial <= 0n || serial >= MAX_SERIAL,
  },
  {
    rule: 'RFC 5280 4.1.2.6',
    detail: 'a certification authority has an empty subject',
    broken: ({ subject }, issues) => issues && subject.empty,
  },
  {
    rule: 'RFC 5280 4.2.1.1',
    detail: 'the authority key identifier is missing',
    broken: (certificate) => authorityKeyId(certificate) === undefined && !selfSigned(certificate),
  },
  {
    rule: 'RFC 5280 4.2.1.1',
    detail: 'the authority key identifier is marked critical',
    broken: (certificate) => critical(certificate, EXTENSION.authorityKeyIdentifier),
  },
  {
    rule: 'RFC 5280 4.2.1.2',
    detail: 'a certification authority has no subject key identifier',
    broken: (certificate, issues) => issues && !has(certificate, EXTENSION.subjectKeyIdentifier),
  },
  {
    rule: 'RFC 5280 4.2.1.2',
    detail: 'the subject key identifier is marked critical',
    broken: (certificate) => critical(certificate, EXTENSION.subjectKeyIdentifier),
  },
  {
    rule: 'RFC 5280 4.2.1.9',
    detail: 'a certification authority does not say that it is one',
    broken: ({ extensions }, issues) => issues && extensions.basicConstraints?.ca !== true,
  },
  {
    rule: 'RFC 5280 4.2.1.9',
    detail: 'the basic constraints of a certification authority are not marked critical',
    broken: (certificate, issues) => issues && !critical(certificate, EXTENSION.basicConstraints),
  },
  {
    rule: 'RFC 5280 4.2.1.9',
    detail: 'keyCertSign is set although it is not a certification authority',
    broken: ({ extensions }) =>
      extensions.keyUsage?.(KEY_USAGE.keyCertSign) === true &&
      extensions.basicConstraints?.ca !== true,
  },
  {
    rule: 'RFC 5280 4.2.1.11',
    detail: 'policy constraints are not marked critical',
    broken: (certificate) =>
      has(certificate, EXTENSION.policyConstraints) &&
      !critical(certificate, EXTENSION.policyConstraints),
  },
  {
    rule: 'ICAO 9303-12 7.1.1',
    detail: 'the key usage is missing',
    broken: (certificate) => !has(certificate, EXTENSION.keyUsage),
  },
  {
    rule: 'ICAO 9303-12 7.1.1',
    detail: 'the issuer and the subject are of different countries',
    broken: ({ issuer, subject }) => issuer.country !== subject.country,
  },
];

/** The rules that one certificate of a valid path breaks. `role` names it in the result. */
export function deviationsOf(certificate: Certificate, role: string): Deviation[] {
  const issuesCertificates = role !== 'signer';
  return RULES.filter((rule) => isBroken(rule, certificate, issuesCertificates))
    .map(({ rule, detail }) => ({ subject: role, rule, detail }));
}

function isBroken(rule: Rule, certificate: Certificate, issues: boolean): boolean {
  try {
    return rule.broken(certificate, issues);
  } catch (error) {
    if (error instanceof EmrtdError) return true;
    throw error;
  }
}
