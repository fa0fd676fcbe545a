/**
 * What master lists and deviation lists have in common (ICAO 9303-12 9 and 10): a CMS message of a
 * signer whose certificate a CSCA issued for that purpose, or of the CSCA itself.
 */
import { EmrtdError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { CertificateIndex } from './certificate-index.ts';
import { parseSignedData } from './cms.ts';
import { validatePath } from './path.ts';
import type { CrlIndex } from './revocation.ts';
import { verifySignedContent } from './signed-content.ts';
import type { CheckResult } from '../types.ts';

/** Against what a list is verified. */
export interface SignedListOptions {
  /** What the list is, for messages: its file name. */
  name: string;
  /** CSCA certificates that may vouch for a list. The right one is found by key identifier. */
  roots: CertificateIndex;
  at: Date;
  crls?: CrlIndex;
}

/** A list whose signature and signer were verified. */
export interface VerifiedList {
  content: Uint8Array;
  signer: Certificate;
  /** The CSCA certificate that vouches for the signer. */
  root: Certificate;
  signingTime: Date | undefined;
  checks: CheckResult[];
}

/**
 * Verifies a signed list of this content type by a signer of this purpose.
 * Throws PKI_UNTRUSTED with the first failed check, or what `parseSignedData` throws.
 */
export function verifySignedList(
  bytes: Uint8Array,
  contentType: string,
  purpose: string,
  options: SignedListOptions,
): VerifiedList {
  const message = parseSignedData(bytes, { name: options.name });
  const signature = verifySignedContent(message, { name: options.name, contentType });
  const { signer } = signature;
  if (!signature.valid || signer === undefined || message.content === undefined) {
    throw untrusted(options.name, signature.checks);
  }
  const ownSigner = options.roots.has(signer);
  const path = validatePath({
    certificate: signer,
    anchors: options.roots,
    intermediates: new CertificateIndex(message.certificates),
    ...(options.crls && { crls: options.crls }),
    at: options.at,
    use: ownSigner ? {} : { signsContent: true, purpose },
  });
  const checks = [...signature.checks, ...path.checks];
  if (!path.valid) throw untrusted(options.name, checks);
  if (!ownSigner && signer.extensions.extendedKeyUsage === undefined) {
    throw new EmrtdError('PKI_UNTRUSTED', `${options.name}: the signer is not a list signer`);
  }
  return {
    content: message.content,
    signer,
    root: path.path[path.path.length - 1],
    signingTime: signature.signingTime,
    checks,
  };
}

function untrusted(name: string, checks: readonly CheckResult[]): EmrtdError {
  const failed = checks.find((check) => check.status === 'failed');
  return new EmrtdError(
    'PKI_UNTRUSTED',
    `${name}: ${failed === undefined ? 'not verified' : `${failed.check}: ${failed.reason}`}`,
  );
}
