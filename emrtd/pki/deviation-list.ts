/**
 * Deviation lists (ICAO 9303-12 10): what a state says of its own documents that break the standard,
 * by document signer, period or document number.
 */
import {
  contextTag,
  explicit,
  fields,
  integer,
  oid,
  parseTlv,
  smallInteger,
  TAG,
  text,
  time,
  type Tlv,
} from '../asn1/mod.ts';
import { digest, hashByOid } from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { subjectKeyId } from './certificate-index.ts';
import { Name } from './name.ts';
import { CONTENT_TYPE, PURPOSE } from './oids.ts';
import { parseAlgorithm } from './signature-algorithm.ts';
import { type SignedListOptions, type VerifiedList, verifySignedList } from './signed-list.ts';

/** Names of the deviation types (ICAO 9303-3 and 9303-12 10.2, below 2.23.136.1.1.7). */
const TYPES: Record<string, string> = {
  '1': 'certificate or key',
  '1.1': 'document signer certificate: wrong signature',
  '1.2': 'document signer certificate: wrong encoding',
  '1.3': 'CSCA certificate: wrong encoding',
  '1.4': 'active authentication key compromised',
  '2': 'logical data structure',
  '2.1': 'data group malformed',
  '2.2': 'data group hash wrong',
  '2.3': 'security object signature wrong',
  '2.4': 'EF.COM and EF.SOD disagree',
  '3': 'MRZ',
  '3.1': 'MRZ: wrong data',
  '3.2': 'MRZ: wrong check digit',
  '4': 'chip not usable',
  '5': 'national use',
};
const MAX_ENTRIES = 20_000;

/** Which document signer an entry is about. */
type DocumentSignerIdentifier =
  | { kind: 'issuerAndSerial'; issuer: Name; serial: bigint }
  | { kind: 'keyIdentifier'; keyIdentifier: string }
  | { kind: 'digest'; digest: string; algorithm: string };

/** One entry: the documents, and what is wrong with them. Absent criteria match every document. */
export interface DeviationEntry {
  documentType: string | undefined;
  signer: DocumentSignerIdentifier | undefined;
  issued: { from: Date; to: Date } | undefined;
  documentNumbers: string[] | undefined;
  descriptions: { type: string; name: string; description: string | undefined }[];
}

/** A verified deviation list. */
export interface DeviationList extends Omit<VerifiedList, 'content'> {
  version: number;
  entries: DeviationEntry[];
}

/** Verifies and reads a deviation list. Throws as `parseMasterList` does. */
export function parseDeviationList(bytes: Uint8Array, options: SignedListOptions): DeviationList {
  const { content, ...list } = verifySignedList(
    bytes,
    CONTENT_TYPE.deviationList,
    PURPOSE.deviationListSigner,
    options,
  );
  return { ...list, ...parseDeviationListContent(content, options.name) };
}

/** The DeviationList inside the CMS message. */
export function parseDeviationListContent(
  content: Uint8Array,
  name = 'deviation list',
): { version: number; entries: DeviationEntry[] } {
  const cursor = fields(parseTlv(content, { name }), 'DeviationList');
  const stated = cursor.optional(TAG.integer);
  const version = stated === undefined ? 0 : smallInteger(stated);
  if (version !== 0) {
    throw new EmrtdError('PKI_UNSUPPORTED', `${name}: deviation list version ${version}`);
  }
  cursor.optional(TAG.sequence);
  const list = cursor.required('deviations', TAG.set).children();
  cursor.end();
  if (list.length > MAX_ENTRIES) {
    throw new EmrtdError('PKI_LIMIT', `${name}: ${list.length} entries`);
  }
  return { version, entries: list.map(parseEntry) };
}

function parseEntry(element: Tlv): DeviationEntry {
  const cursor = fields(element, 'Deviation');
  const documents = fields(cursor.required('documents'), 'DeviationDocuments');
  const descriptions = cursor.required('descriptions', TAG.set).children();
  cursor.end();
  const type = documents.optional(contextTag(0), contextTag(0, 'primitive'));
  const signer = documents.optional(
    contextTag(1),
    contextTag(2),
    contextTag(2, 'primitive'),
    contextTag(3),
  );
  const issued = documents.optional(contextTag(4));
  const numbers = documents.optional(contextTag(5));
  documents.end();
  return {
    documentType: type && latin1(inner(type)),
    signer: signer && parseSigner(signer),
    issued: issued && parsePeriod(unwrap(issued)),
    documentNumbers: numbers && unwrap(numbers, TAG.set).children().map((number) => text(number)),
    descriptions: descriptions.map(parseDescription),
  };
}

/** Issuers tag these fields both explicitly and implicitly; what is inside tells. */
function unwrap(element: Tlv, tag: number = TAG.sequence): Tlv {
  const children = element.children();
  return children.length === 1 && children[0].tag === tag ? children[0] : element;
}

function inner(element: Tlv): Uint8Array {
  return element.constructed ? explicit(element, 'value').value : element.value;
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

function parseSigner(element: Tlv): DocumentSignerIdentifier {
  if (element.tag === contextTag(1)) {
    const [issuer, serial, ...rest] = unwrap(element).children();
    if (serial === undefined || rest.length > 0 || issuer.tag !== TAG.sequence) {
      throw new EmrtdError('PKI_MALFORMED', `${element.source}: IssuerAndSerialNumber`);
    }
    return { kind: 'issuerAndSerial', issuer: new Name(issuer), serial: integer(serial) };
  }
  if (element.tag === contextTag(3)) {
    const [algorithm, value, ...rest] = unwrap(element).children();
    if (value === undefined || rest.length > 0) {
      throw new EmrtdError('PKI_MALFORMED', `${element.source}: certificate digest`);
    }
    const { oid: name } = parseAlgorithm(algorithm);
    return { kind: 'digest', algorithm: name, digest: value.value.toHex() };
  }
  return { kind: 'keyIdentifier', keyIdentifier: inner(element).toHex() };
}

function parsePeriod(element: Tlv): { from: Date; to: Date } {
  const [from, to, ...rest] = element.children();
  if (to === undefined || rest.length > 0) {
    throw new EmrtdError('PKI_MALFORMED', `${element.source}: IssuancePeriod`);
  }
  return { from: time(from), to: time(to) };
}

function parseDescription(element: Tlv): DeviationEntry['descriptions'][number] {
  const cursor = fields(element, 'DeviationDescription');
  const description = cursor.optional(TAG.printableString, TAG.utf8String);
  const type = oid(cursor.required('deviationType'));
  const prefix = `${CONTENT_TYPE.deviationList}.`;
  const name = type.startsWith(prefix) ? TYPES[type.slice(prefix.length)] : undefined;
  return { type, name: name ?? type, description: description && text(description) };
}

/** True when an entry is about documents of this signer certificate. */
export function concerns(entry: DeviationEntry, certificate: Certificate): boolean {
  const { signer } = entry;
  switch (signer?.kind) {
    case undefined:
      return false;
    case 'issuerAndSerial':
      return signer.serial === certificate.serial && signer.issuer.equals(certificate.issuer);
    case 'keyIdentifier':
      return signer.keyIdentifier === subjectKeyId(certificate);
    case 'digest':
      try {
        return digest(hashByOid(signer.algorithm), certificate.raw).toHex() === signer.digest;
      } catch {
        return false;
      }
  }
}
