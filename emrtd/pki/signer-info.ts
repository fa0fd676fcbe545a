/**
 * SignerInfo of CMS (RFC 5652 5.3 and 5.4): who signed, with which algorithms, and the bytes that the
 * signature covers.
 */
import {
  contextTag,
  der,
  fields,
  integer,
  octetString,
  oid,
  smallInteger,
  TAG,
  time,
  type Tlv,
  tlv,
} from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { Name } from './name.ts';
import { ATTRIBUTE } from './oids.ts';
import { type AlgorithmIdentifier, parseAlgorithm } from './signature-algorithm.ts';

/** How a signer names its certificate. */
export type SignerIdentifier =
  | { kind: 'issuerAndSerial'; issuer: Name; serial: bigint }
  | { kind: 'keyIdentifier'; keyIdentifier: Uint8Array };

/** The attributes that the signature covers instead of the content. */
interface SignedAttributes {
  /** Encodings to try: as stored, and in DER order when the stored order is another. */
  encodings: Uint8Array[];
  contentType: string | undefined;
  messageDigest: Uint8Array | undefined;
  signingTime: Date | undefined;
}

export interface SignerInfo {
  identifier: SignerIdentifier;
  digestAlgorithm: AlgorithmIdentifier;
  signatureAlgorithm: AlgorithmIdentifier;
  /** Undefined when the signature covers the content itself. */
  signedAttributes: SignedAttributes | undefined;
  signature: Uint8Array;
}

/** Reads one SignerInfo. Throws ASN1_* or PKI_MALFORMED. */
export function parseSignerInfo(element: Tlv): SignerInfo {
  const cursor = fields(element, 'SignerInfo');
  smallInteger(cursor.required('version'));
  const identifier = parseIdentifier(cursor.required('sid'));
  const digestAlgorithm = parseAlgorithm(cursor.required('digestAlgorithm', TAG.sequence));
  const attributes = cursor.optional(contextTag(0));
  const signatureAlgorithm = parseAlgorithm(cursor.required('signatureAlgorithm', TAG.sequence));
  const signature = octetString(cursor.required('signature'));
  cursor.optional(contextTag(1));
  cursor.end();
  return {
    identifier,
    digestAlgorithm,
    signatureAlgorithm,
    signedAttributes: attributes && parseAttributes(attributes),
    signature,
  };
}

function parseIdentifier(element: Tlv): SignerIdentifier {
  if (element.tag === contextTag(0, 'primitive') || element.tag === contextTag(0)) {
    const keyIdentifier = octetString(element, contextTag(0, 'primitive'));
    return { kind: 'keyIdentifier', keyIdentifier };
  }
  const cursor = fields(element, 'IssuerAndSerialNumber');
  const issuer = new Name(cursor.required('issuer', TAG.sequence));
  const serial = integer(cursor.required('serialNumber'));
  cursor.end();
  return { kind: 'issuerAndSerial', issuer, serial };
}

/** The attributes; one that decides something may occur once with one value (RFC 5652 11). */
function parseAttributes(element: Tlv): SignedAttributes {
  const values = new Map<string, Tlv>();
  for (const attribute of element.children()) {
    const cursor = fields(attribute, 'Attribute');
    const type = oid(cursor.required('attrType'));
    const list = cursor.required('attrValues', TAG.set).children();
    if (values.has(type)) {
      throw new EmrtdError('PKI_MALFORMED', `${element.source}: attribute ${type} is repeated`);
    }
    if (list.length === 1) values.set(type, list[0]);
    else if (Object.values<string>(ATTRIBUTE).includes(type)) {
      throw new EmrtdError(
        'PKI_MALFORMED',
        `${element.source}: attribute ${type} has ${list.length} values`,
      );
    }
  }
  const contentType = values.get(ATTRIBUTE.contentType);
  const messageDigest = values.get(ATTRIBUTE.messageDigest);
  const signingTime = values.get(ATTRIBUTE.signingTime);
  return {
    encodings: encodings(element),
    contentType: contentType && oid(contentType),
    messageDigest: messageDigest && octetString(messageDigest),
    signingTime: signingTime && time(signingTime),
  };
}

/** The attributes under the tag SET OF, which is what is signed (RFC 5652 5.4). */
function encodings(element: Tlv): Uint8Array[] {
  const stored = tlv(TAG.set, element.value);
  const sorted = der.set(...element.children().map((attribute) => attribute.raw));
  return stored.toHex() === sorted.toHex() ? [stored] : [stored, sorted];
}
