/**
 * Verification of the signature of a CMS message (RFC 5652 5.4, 5.6; ICAO 9303-10 4.6.2): content type,
 * digest and signature, each a named check. Says nothing of whether the signer is to be trusted.
 */
import { TAG } from '../asn1/mod.ts';
import { digest } from '../crypto/mod.ts';
import type { Certificate } from './certificate.ts';
import { CertificateIndex } from './certificate-index.ts';
import { Checks, type Deviation, type Verdict } from './checks.ts';
import type { SignedData } from './cms.ts';
import { hashOf, schemeName, signatureScheme } from './signature-algorithm.ts';
import { bytesProblem } from './signature.ts';
import type { SignerInfo } from './signer-info.ts';

/** Which messages are acceptable. */
export interface SignedContentOptions {
  /** What the message is, for deviations: `EF.SOD`. */
  name: string;
  /** Content type that the standard asks for. */
  contentType: string;
  /** Other content types that documents in use have; reported as a deviation. */
  toleratedContentTypes?: readonly string[];
  /** Signer certificates to look at besides those in the message. */
  knownSigners?: CertificateIndex;
}

/** The verdict on the signature, and whose certificate verified it. */
export interface SignedContentResult extends Verdict {
  signer: Certificate | undefined;
  /** Time that the signer claims, if it does. */
  signingTime: Date | undefined;
  /** Readable name of the signature algorithm. */
  algorithm: string;
  deviations: Deviation[];
}

/** Verifies the one signature of a message. Never throws for what the message holds. */
export function verifySignedContent(
  message: SignedData,
  options: SignedContentOptions,
): SignedContentResult {
  const checks = new Checks();
  const deviations: Deviation[] = [];
  const result = { signer: undefined, signingTime: undefined, algorithm: '' };
  checkContentType(message, options, checks, deviations);
  const [info, ...others] = message.signers;
  const { content } = message;
  if (info === undefined || others.length > 0 || content === undefined) {
    checks.fail(
      'signed-data',
      content === undefined
        ? 'the message has no content'
        : `the message has ${message.signers.length} signers instead of one`,
    );
    return { valid: false, checks: checks.list, deviations, ...result };
  }
  const bytes = checkDigest(message, info, content, checks, deviations, options.name);
  const algorithm = nameOf(info);
  let signer: Certificate | undefined;
  if (bytes !== undefined) {
    signer = checkSignature(message, info, bytes, options, checks, deviations);
  }
  return {
    valid: signer !== undefined && !checks.failed && checks.passed('signature'),
    checks: checks.list,
    signer: signer ?? candidates(message, info, options)[0]?.certificate,
    signingTime: info.signedAttributes?.signingTime,
    algorithm,
    deviations,
  };
}

function checkContentType(
  message: SignedData,
  options: SignedContentOptions,
  checks: Checks,
  deviations: Deviation[],
): void {
  const tolerated = options.toleratedContentTypes?.includes(message.contentType) === true;
  checks.test(
    'content-type',
    message.contentType === options.contentType || tolerated,
    `content type ${message.contentType}`,
    `content type ${message.contentType} is not ${options.contentType}`,
  );
  if (tolerated) {
    deviations.push({
      subject: options.name,
      rule: 'ICAO 9303-10 4.6.2',
      detail: `the content type is ${message.contentType} instead of ${options.contentType}`,
    });
  }
}

/** Checks the attributes against the content; returns the byte strings that may have been signed. */
function checkDigest(
  message: SignedData,
  info: SignerInfo,
  content: Uint8Array,
  checks: Checks,
  deviations: Deviation[],
  name: string,
): Uint8Array[] | undefined {
  const attributes = info.signedAttributes;
  if (attributes === undefined) {
    if (content[0] === TAG.set) {
      // The signed attributes of another message of this signer, passed off as content.
      checks.fail('signed-attributes', 'are missing, and the content could be taken for them');
      return undefined;
    }
    deviations.push({
      subject: name,
      rule: 'RFC 5652 5.3',
      detail: 'there are no signed attributes; the signature covers the content itself',
    });
    return [content];
  }
  checks.test(
    'signed-content-type',
    attributes.contentType === message.contentType,
    'the signed content type is that of the message',
    attributes.contentType === undefined
      ? 'the signed attributes hold no content type'
      : 'the signed content type differs from that of the message',
  );
  checks.guard('message-digest', () => {
    const hash = hashOf(info.digestAlgorithm);
    const stated = attributes.messageDigest;
    checks.test(
      'message-digest',
      stated !== undefined && stated.toHex() === digest(hash, content).toHex(),
      `the ${hash} digest of the content is the signed one`,
      stated === undefined
        ? 'the signed attributes hold no message digest'
        : `the ${hash} digest of the content is not the signed one`,
    );
  });
  return attributes.encodings;
}

interface Candidate {
  certificate: Certificate;
  identified: boolean;
}

/**
 * Certificates that may be the signer's: those that its identifier names, else those embedded in the
 * message, as documents of one state (MY) name another certificate than the one they carry.
 */
function candidates(
  message: SignedData,
  info: SignerInfo,
  options: SignedContentOptions,
): Candidate[] {
  const named = [
    ...new CertificateIndex(message.certificates).identifiedBy(info.identifier),
    ...(options.knownSigners?.identifiedBy(info.identifier) ?? []),
  ];
  return named.length > 0
    ? named.slice(0, MAX_CANDIDATES).map((certificate) => ({ certificate, identified: true }))
    : message.certificates.slice(0, MAX_CANDIDATES)
      .map((certificate) => ({ certificate, identified: false }));
}

/** Signatures tried for one message. */
const MAX_CANDIDATES = 4;

function checkSignature(
  message: SignedData,
  info: SignerInfo,
  encodings: Uint8Array[],
  options: SignedContentOptions,
  checks: Checks,
  deviations: Deviation[],
): Certificate | undefined {
  const list = candidates(message, info, options);
  if (list.length === 0) {
    checks.fail('signature', 'no certificate of the signer is at hand');
    return undefined;
  }
  let problem = '';
  for (const { certificate, identified } of list) {
    for (const bytes of encodings) {
      const found = bytesProblem(bytes, info, certificate);
      if (found === undefined) {
        checks.test('signature', true, `${nameOf(info)} of ${certificate.subject}`, '');
        if (!identified) {
          deviations.push({
            subject: options.name,
            rule: 'RFC 5652 5.3',
            detail: 'the signer identifier names another certificate than the embedded one',
          });
        }
        return certificate;
      }
      problem ||= found;
    }
  }
  checks.fail('signature', problem);
  return undefined;
}

function nameOf(info: SignerInfo): string {
  try {
    return schemeName(signatureScheme(info.signatureAlgorithm, info.digestAlgorithm));
  } catch {
    return `algorithm ${info.signatureAlgorithm.oid}`;
  }
}
