/**
 * Revocation status of one certificate from CRLs at hand (RFC 5280 6.3.3 without delta and indirect
 * CRLs; ICAO 9303-12 7.2: one complete CRL for each CSCA, signed with its current key).
 */
import type { CertificateIndex } from './certificate-index.ts';
import type { Certificate } from './certificate.ts';
import { EmrtdError } from '../errors.ts';
import type { CheckResult } from '../types.ts';
import type { Crl } from './crl.ts';
import { KEY_USAGE } from './extension.ts';

/** CRLs found by the name of their issuer. */
export class CrlIndex {
  readonly #byIssuer = new Map<string, Crl[]>();

  constructor(crls: Iterable<Crl>) {
    for (const crl of crls) {
      const list = this.#byIssuer.get(crl.issuer.key);
      if (list === undefined) this.#byIssuer.set(crl.issuer.key, [crl]);
      else list.push(crl);
    }
  }

  /** CRLs of this issuer; `nameKey` is `Name.key`. */
  issuedBy(nameKey: string): readonly Crl[] {
    return this.#byIssuer.get(nameKey) ?? [];
  }
}

/** What the status check needs from the path validation around it. */
export interface RevocationContext {
  crls: CrlIndex;
  at: Date;
  /** Certificates that may have signed the CRL, trusted ones included. */
  candidates: readonly CertificateIndex[];
  /** True when the signature of the CRL verifies with this certificate's key. */
  verify(crl: Crl, signer: Certificate): boolean;
  /** True when this certificate has a valid path of its own. */
  trusts(signer: Certificate): boolean;
}

/**
 * Status of `certificate`, issued by `issuer`, which has a valid path. `skipped` when no usable list
 * is at hand: that is not proof of anything, and the reason says so.
 */
export function checkRevocation(
  certificate: Certificate,
  role: string,
  issuer: Certificate,
  context: RevocationContext,
): CheckResult {
  const check = `${role}.revocation`;
  const lists = context.crls.issuedBy(certificate.issuer.key);
  if (lists.length === 0) {
    return { check, status: 'skipped', reason: `no CRL of ${certificate.issuer} is at hand` };
  }
  let unusable = '';
  let good: Crl | undefined;
  for (const crl of lists) {
    const problem = attempt(() => scopeProblem(crl, certificate)) ??
      signerProblem(crl, issuer, context);
    if (problem !== undefined) {
      unusable = problem;
      continue;
    }
    const revoked = crl.revocationDate(certificate.serial);
    if (revoked !== undefined) {
      return { check, status: 'failed', reason: `revoked on ${revoked.toISOString()}` };
    }
    const late = contentProblem(crl, context.at);
    if (late === undefined) good = crl;
    else unusable = late;
  }
  return good === undefined
    ? { check, status: 'skipped', reason: `no usable CRL: ${unusable}` }
    : { check, status: 'passed', reason: `not on the CRL of ${good.thisUpdate.toISOString()}` };
}

/** The message of a typed error that `body` meets in malformed bytes. */
function attempt(body: () => string | undefined): string | undefined {
  try {
    return body();
  } catch (error) {
    if (error instanceof EmrtdError) return error.message;
    throw error;
  }
}

function scopeProblem(crl: Crl, certificate: Certificate): string | undefined {
  const scope = crl.extensions.issuingDistributionPoint;
  if (scope === undefined) return undefined;
  if (scope.partial) return 'the CRL covers some certificates or reasons only';
  const points = certificate.extensions.distributionPoints;
  return scope.names === undefined || scope.names.some((name) => points.includes(name))
    ? undefined
    : 'the CRL is for another distribution point';
}

/** Why nobody entitled signed the list; undefined when somebody did. */
function signerProblem(
  crl: Crl,
  issuer: Certificate,
  context: RevocationContext,
): string | undefined {
  if (!crl.algorithmsAgree) return 'the CRL names two signature algorithms';
  const candidates = [issuer, ...context.candidates.flatMap((index) => index.issuersOf(crl))];
  const tried = new Set<string>();
  for (const signer of candidates) {
    if (tried.has(signer.fingerprint) || !signer.subject.equals(crl.issuer)) continue;
    tried.add(signer.fingerprint);
    if (!maySignCrls(signer) || !context.verify(crl, signer)) continue;
    if (signer.fingerprint === issuer.fingerprint || context.trusts(signer)) return undefined;
  }
  return 'the CRL is not signed by a trusted certificate of its issuer';
}

/** RFC 5280 6.3.3 (f): cRLSign, where key usages are named at all. */
export function maySignCrls(signer: Certificate): boolean {
  try {
    return signer.extensions.keyUsage?.(KEY_USAGE.cRLSign) ?? true;
  } catch {
    return false;
  }
}

function contentProblem(crl: Crl, at: Date): string | undefined {
  if (crl.extensions.crlNumber === undefined) return 'the CRL has no number';
  const unknown = crl.unknownCriticalExtension;
  if (unknown !== undefined) return `extension ${unknown} of the CRL is not understood`;
  if (at < crl.thisUpdate) return `the CRL begins on ${crl.thisUpdate.toISOString()}`;
  if (crl.nextUpdate !== undefined && at > crl.nextUpdate) {
    return `the CRL ended on ${crl.nextUpdate.toISOString()}`;
  }
  return undefined;
}
