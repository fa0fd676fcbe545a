/**
 * Certification path from a certificate to a trusted one (RFC 5280 6.1; ICAO 9303-12 7.1 and 9303-11
 * 5.1): two levels for a passport, some more where CSCA link certificates lie between. Depth and the
 * number of signatures verified are bounded, whatever certificates are offered.
 */
import { CertificateIndex } from './certificate-index.ts';
import type { Certificate } from './certificate.ts';
import { Checks, type Deviation } from './checks.ts';
import { deviationsOf } from './conformance.ts';
import {
  checkCertificate,
  checkIssuer,
  checkLeafUse,
  checkLink,
  type LeafUse,
} from './path-checks.ts';
import { checkRevocation, CrlIndex } from './revocation.ts';
import { signatureProblem } from './signature.ts';
import type { CheckResult } from '../types.ts';

/** Path lengths that PKITS uses, and more than any CSCA with its link certificates needs. */
const MAX_PATH_CERTIFICATES = 10;
/**
 * Signatures verified in one search, those of CRLs included. PKITS 4.6.17, with self-issued
 * certificates and CRLs on every level, needs more than 24; on the slowest curve one takes some 5 ms.
 */
const MAX_SIGNATURES = 32;
/** A CRL signer's own status may rest on another CRL signer, once. */
const MAX_NESTED_PATHS = 2;

/** What to validate, against what. */
export interface PathRequest {
  certificate: Certificate;
  /** Trusted certificates. They are checked like the others; only their issuer is not asked for. */
  anchors: CertificateIndex;
  /** Untrusted certificates that may lie between. */
  intermediates?: CertificateIndex;
  crls?: CrlIndex;
  at: Date;
  use?: LeafUse;
  /** `required`: without a usable CRL the status check fails instead of being skipped. */
  revocation?: 'required' | 'when-available';
  /** CA certificates between the first and the trusted one that are not self-issued. Default 8. */
  maxIntermediates?: number;
}

/** Outcome of a path validation. */
export interface PathResult {
  valid: boolean;
  /** From the certificate asked about to the trusted one, or as far as the best attempt came. */
  path: Certificate[];
  checks: CheckResult[];
  /** Breaches of RFC 5280 clause 4 and of 9303-12 by the certificates of a valid path. */
  deviations: Deviation[];
}

/** Validates the certificate and says how, check by check. Never throws for what it was given. */
export function validatePath(request: PathRequest): PathResult {
  return new Search(request).run();
}

/** Names of the certificates in checks: `signer`, `intermediate-1`, ..., `anchor`. */
function roleOf(position: number, anchor: boolean): string {
  return anchor ? 'anchor' : position === 0 ? 'signer' : `intermediate-${position}`;
}

interface Attempt {
  path: Certificate[];
  checks: CheckResult[];
  failures: number;
}

class Search {
  readonly #request: PathRequest;
  readonly #intermediates: CertificateIndex;
  readonly #crls: CrlIndex;
  /** Certificates whose status is being asked for further out; they cannot vouch for themselves. */
  readonly #pending: ReadonlySet<string>;
  readonly #budget: { signatures: number };
  #best: Attempt | undefined;

  constructor(
    request: PathRequest,
    pending: ReadonlySet<string> = new Set(),
    budget = { signatures: MAX_SIGNATURES },
  ) {
    this.#request = request;
    this.#intermediates = request.intermediates ?? new CertificateIndex([]);
    this.#crls = request.crls ?? new CrlIndex([]);
    this.#pending = pending;
    this.#budget = budget;
  }

  run(): PathResult {
    const { certificate, anchors, at, use = {} } = this.#request;
    const checks = new Checks();
    if (anchors.has(certificate)) {
      checkCertificate(certificate, 'anchor', at, checks);
      checkLeafUse(certificate, 'anchor', use, checks);
      return {
        valid: !checks.failed,
        path: [certificate],
        checks: checks.list,
        deviations: deviationsOf(certificate, 'anchor'),
      };
    }
    checkCertificate(certificate, 'signer', at, checks);
    checkLeafUse(certificate, 'signer', use, checks);
    const found = this.#extend([certificate], checks.list, 0);
    if (found !== undefined) return { valid: true, ...found, deviations: deviations(found.path) };
    const best = this.#best;
    if (best !== undefined) {
      return { valid: false, path: best.path, checks: best.checks, deviations: [] };
    }
    checks.fail('anchor.found', this.#nobody(certificate));
    return { valid: false, path: [certificate], checks: checks.list, deviations: [] };
  }

  /** Why no issuer could be found, in the words of the person who has to import it. */
  #nobody(certificate: Certificate): string {
    const { anchors } = this.#request;
    const named = anchors.withSubject(certificate.issuer.key).length;
    return named === 0
      ? `no trusted certificate of ${certificate.issuer}`
      : `${named} trusted certificates of ${certificate.issuer}, none with the key identifier named`;
  }

  /** Tries to complete a path. `below` counts CA certificates that are not self-issued. */
  #extend(
    path: Certificate[],
    made: CheckResult[],
    below: number,
  ): { path: Certificate[]; checks: CheckResult[] } | undefined {
    const { anchors, maxIntermediates = 8 } = this.#request;
    const current = path[path.length - 1];
    const room = path.length < MAX_PATH_CERTIFICATES - 1 && below <= maxIntermediates;
    const candidates = [
      ...anchors.issuersOf(current).map((issuer) => ({ issuer, anchor: true })),
      ...(room ? this.#intermediates.issuersOf(current) : [])
        .filter((issuer) => !anchors.has(issuer))
        .map((issuer) => ({ issuer, anchor: false })),
    ];
    for (const { issuer, anchor } of candidates) {
      if (path.some((member) => sameAuthority(member, issuer))) continue;
      const next = [...path, issuer];
      const checks = new Checks([...made]);
      this.#step(path, issuer, anchor, below, checks);
      if (checks.failed) {
        this.#note(next, checks.list);
      } else if (anchor) {
        this.#statuses(next, checks);
        if (!checks.failed) return { path: next, checks: checks.list };
        this.#note(next, checks.list);
      } else {
        const counted = below + (issuer.selfIssued ? 0 : 1);
        const found = counted > maxIntermediates
          ? undefined
          : this.#extend(next, checks.list, counted);
        if (found !== undefined) return found;
        this.#deadEnd(next, checks);
      }
    }
    return undefined;
  }

  #step(
    path: Certificate[],
    issuer: Certificate,
    anchor: boolean,
    below: number,
    checks: Checks,
  ): void {
    const current = path[path.length - 1];
    const role = roleOf(path.length - 1, false);
    const issuerRole = roleOf(path.length, anchor);
    checkLink(current, role, issuer, checks);
    checkCertificate(issuer, issuerRole, this.#request.at, checks);
    checkIssuer(issuer, issuerRole, below, anchor, checks);
    if (this.#budget.signatures-- <= 0) {
      checks.fail(`${role}.signature`, 'too many candidates; the search was given up');
      return;
    }
    const problem = signatureProblem(current, issuer);
    checks.test(`${role}.signature`, problem === undefined, 'verifies', problem ?? '');
  }

  /** A chain of good certificates that does not end in a trusted one. */
  #deadEnd(path: Certificate[], checks: Checks): void {
    const open = new Checks([...checks.list]);
    open.fail('anchor.found', this.#nobody(path[path.length - 1]));
    this.#note(path, open.list);
  }

  #note(path: Certificate[], checks: CheckResult[]): void {
    const failures = checks.filter((check) => check.status === 'failed').length;
    const best = this.#best;
    const better = best === undefined || failures < best.failures ||
      (failures === best.failures && path.length > best.path.length);
    if (better) this.#best = { path, checks, failures };
  }

  /** Revocation status of every certificate below the trusted one. */
  #statuses(path: Certificate[], checks: Checks): void {
    for (let index = path.length - 2; index >= 0; index--) {
      const role = roleOf(index, false);
      const pending = new Set([...this.#pending, path[index].fingerprint]);
      checks.guard(`${role}.revocation`, () => {
        const result = checkRevocation(path[index], role, path[index + 1], {
          crls: this.#crls,
          at: this.#request.at,
          candidates: [this.#request.anchors, this.#intermediates],
          verify: (crl, signer) =>
            !pending.has(signer.fingerprint) && this.#budget.signatures-- > 0 &&
            signatureProblem(crl, signer) === undefined,
          trusts: (signer) => this.#trusts(signer, pending),
        });
        if (result.status === 'skipped' && this.#request.revocation === 'required') {
          checks.fail(result.check, result.reason);
        } else checks.list.push(result);
      });
    }
  }

  /** Whether another certificate of the CRL's issuer has a path of its own. */
  #trusts(signer: Certificate, pending: ReadonlySet<string>): boolean {
    if (pending.size > MAX_NESTED_PATHS) return false;
    const request = { ...this.#request, certificate: signer, use: {} };
    return new Search(request, pending, this.#budget).run().valid;
  }
}

/** The same certificate, or another one of the same name and key: a path through both is a circle. */
function sameAuthority(a: Certificate, b: Certificate): boolean {
  return a.fingerprint === b.fingerprint ||
    (a.subject.equals(b.subject) && equalBytes(a.spki, b.spki));
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function deviations(path: Certificate[]): Deviation[] {
  return path.flatMap((certificate, index) =>
    deviationsOf(certificate, roleOf(index, index === path.length - 1))
  );
}
