/**
 * A signed file of a document, EF.SOD or EF.CardSecurity: its signature and the chain of its signer
 * to a CSCA, as two verdicts that do not depend on each other (ICAO 9303-11 5.1).
 */
import { EmrtdError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { CertificateIndex } from './certificate-index.ts';
import type { Deviation, Verdict } from './checks.ts';
import { parseSignedData, type SignedData } from './cms.ts';
import { validatePath } from './path.ts';
import { verifySignedContent } from './signed-content.ts';
import type { TrustStore } from './trust-store.ts';

/** How to judge a signed file. */
export interface TrustedContentOptions {
  /** Name for messages: `EF.SOD`. */
  name: string;
  contentType: string;
  toleratedContentTypes?: readonly string[];
  trust: TrustStore;
  /** Time for which the chain must be valid. */
  at: Date;
  revocation?: 'required' | 'when-available';
}

/** The verdicts, and what they were reached with. */
export interface TrustedContent {
  /** What was signed; to be used only as far as `signature` and `chain` allow. */
  content: Uint8Array | undefined;
  signature: Verdict;
  chain: Verdict;
  signer: Certificate | undefined;
  /** From the signer to the trusted certificate, or as far as it went. */
  path: Certificate[];
  /** Readable name of the signature algorithm. */
  algorithm: string;
  signingTime: Date | undefined;
  deviations: Deviation[];
}

/** Certificates of a message that may lie between; documents carry one or two in all. */
const MAX_INTERMEDIATES = 8;

/** Judges a CMS message. Never throws for what it holds. */
export function verifyTrustedContent(
  contentInfo: Uint8Array,
  options: TrustedContentOptions,
): TrustedContent {
  let message: SignedData;
  try {
    message = parseSignedData(contentInfo, { name: options.name });
  } catch (error) {
    if (!(error instanceof EmrtdError)) throw error;
    return unreadable(error.message);
  }
  const knownSigners = message.certificates.length > 0
    ? {}
    : { knownSigners: options.trust.documentSigners };
  const signed = verifySignedContent(message, { ...options, ...knownSigners });
  const chain = signed.signer === undefined
    ? nothing('chain', 'the document signer certificate is not at hand')
    : validatePath({
      certificate: signed.signer,
      anchors: options.trust.anchors,
      intermediates: new CertificateIndex(message.certificates.slice(0, MAX_INTERMEDIATES)),
      crls: options.trust.crls,
      at: options.at,
      use: { signsContent: true },
      revocation: options.revocation ?? 'when-available',
    });
  return {
    content: message.content,
    signature: { valid: signed.valid, checks: signed.checks },
    chain: { valid: chain.valid, checks: chain.checks },
    signer: signed.signer,
    path: chain.path,
    algorithm: signed.algorithm,
    signingTime: signed.signingTime,
    deviations: [
      ...signed.deviations,
      ...chain.deviations,
      ...periodDeviations(chain.path, signed.signingTime),
      ...(signed.signer === undefined ? [] : options.trust.deviationsOf(signed.signer)),
    ],
  };
}

/** The verdict for a question that could not be asked. */
function nothing(check: string, reason: string) {
  const checks = [{ check, status: 'failed' as const, reason }];
  return { valid: false, checks, path: [] as Certificate[], deviations: [] as Deviation[] };
}

function unreadable(reason: string): TrustedContent {
  return {
    content: undefined,
    signature: { valid: false, checks: [{ check: 'signed-data', status: 'failed', reason }] },
    chain: {
      valid: false,
      checks: [{ check: 'chain', status: 'skipped', reason: 'the message could not be read' }],
    },
    signer: undefined,
    path: [],
    algorithm: '',
    signingTime: undefined,
    deviations: [],
  };
}

/**
 * Use of private keys outside their period (ICAO 9303-12 7.1.1, privateKeyUsagePeriod). Not deciding:
 * the only evidence of when a key was used is what its holder wrote.
 */
function periodDeviations(
  path: readonly Certificate[],
  signingTime: Date | undefined,
): Deviation[] {
  const used = [signingTime, ...path.map(({ notBefore }) => notBefore)];
  return path.flatMap((certificate, index) => {
    const period = usagePeriod(certificate);
    const time = used[index];
    if (period === undefined || time === undefined) return [];
    const outside = (period.notBefore !== undefined && time < period.notBefore) ||
      (period.notAfter !== undefined && time > period.notAfter);
    return outside
      ? [{
        subject: index === 0 ? 'signer' : 'anchor',
        rule: 'ICAO 9303-12 7.1.1',
        detail: `the private key was used outside its period, on ${time.toISOString()}`,
      }]
      : [];
  });
}

function usagePeriod(certificate: Certificate): { notBefore?: Date; notAfter?: Date } | undefined {
  try {
    return certificate.extensions.privateKeyUsagePeriod;
  } catch (error) {
    if (error instanceof EmrtdError) return undefined;
    throw error;
  }
}
