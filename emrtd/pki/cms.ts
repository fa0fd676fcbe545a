/**
 * CMS SignedData (RFC 5652 5), the envelope of EF.SOD, EF.CardSecurity, master lists and deviation
 * lists. Reads DER and BER, because some documents use indefinite lengths; judges nothing.
 */
import {
  contextTag,
  explicit,
  Fields,
  fields,
  octetString,
  oid,
  parseTlv,
  smallInteger,
  TAG,
  type Tlv,
} from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { CONTENT_TYPE } from './oids.ts';
import { parseSignerInfo, type SignerInfo } from './signer-info.ts';

/** Larger than the largest master list published (about 1 MiB) with room to grow. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const MAX_CERTIFICATES = 64;
const MAX_SIGNERS = 8;

/** A SignedData message as it was read. */
export interface SignedData {
  version: number;
  /** Type of the content, as it stands outside the signed attributes. */
  contentType: string;
  /** What is signed; undefined for a detached signature. */
  content: Uint8Array | undefined;
  certificates: Certificate[];
  signers: SignerInfo[];
}

/**
 * Parses a ContentInfo that holds SignedData; `options.name` stands for it in error messages.
 * Throws ASN1_*, PKI_UNSUPPORTED when it is another kind of message, PKI_LIMIT on absurd sizes.
 */
export function parseSignedData(bytes: Uint8Array, options: { name?: string } = {}): SignedData {
  const name = options.name ?? 'SignedData';
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw new EmrtdError('PKI_LIMIT', `${name}: message of ${bytes.length} bytes`);
  }
  const info = fields(parseTlv(bytes, { name, ber: true }), 'ContentInfo');
  const type = oid(info.required('contentType'));
  if (type !== CONTENT_TYPE.signedData) {
    throw new EmrtdError('PKI_UNSUPPORTED', `${name}: content type ${type} is not SignedData`);
  }
  const content = explicit(info.required('content', contextTag(0)), 'content');
  info.end();
  return parseBody(fields(content, 'SignedData'), name);
}

function parseBody(cursor: Fields, name: string): SignedData {
  const version = smallInteger(cursor.required('version'));
  cursor.required('digestAlgorithms', TAG.set);
  const encapsulated = fields(cursor.required('encapContentInfo'), 'EncapsulatedContentInfo');
  const contentType = oid(encapsulated.required('eContentType'));
  const content = encapsulated.optional(contextTag(0));
  encapsulated.end();
  const certificates = cursor.optional(contextTag(0));
  cursor.optional(contextTag(1));
  const signers = cursor.required('signerInfos', TAG.set).children();
  cursor.end();
  if (signers.length > MAX_SIGNERS) {
    throw new EmrtdError('PKI_LIMIT', `${name}: ${signers.length} signers`);
  }
  return {
    version,
    contentType,
    content: content && octetString(explicit(content, 'eContent')),
    certificates: parseCertificates(certificates?.children() ?? [], name),
    signers: signers.map((signer) => parseSignerInfo(signer)),
  };
}

/** The X.509 certificates of a CertificateSet; the other, obsolete choices are passed over. */
function parseCertificates(elements: readonly Tlv[], name: string): Certificate[] {
  if (elements.length > MAX_CERTIFICATES) {
    throw new EmrtdError('PKI_LIMIT', `${name}: ${elements.length} certificates`);
  }
  return elements
    .filter((element) => element.tag === TAG.sequence)
    .map((element, index) => parseCertificate(element.raw, `${name}: certificate ${index + 1}`));
}
