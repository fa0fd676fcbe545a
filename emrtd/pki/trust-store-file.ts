/**
 * The trust store as bytes: DER, every part sorted by SHA-256 and every list of sources sorted, so that
 * the same contents are the same bytes in whatever order they were imported.
 */
import {
  der,
  fields,
  octetString,
  parseTlv,
  smallInteger,
  TAG,
  text,
  type Tlv,
} from '../asn1/mod.ts';
import { digest } from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import { parseCertificate } from './certificate.ts';
import { parseSignedData } from './cms.ts';
import { parseCrl } from './crl.ts';
import { parseDeviationListContent } from './deviation-list.ts';
import { sortSources } from './trust-draft.ts';
import type { Source, Stored, StoredDeviationList } from './trust-store.ts';
import { TrustStore } from './trust-store.ts';

const MAGIC = 'gatehouse trust store';
const VERSION = 1;
const MAX_BYTES = 512 * 1024 * 1024;
const SOURCE_KINDS: readonly string[] = ['root', 'file', 'bundle', 'master-list', 'ldif'];

/** The bytes of a store. */
export function serialiseTrustStore(store: TrustStore): Uint8Array {
  const { anchors, documentSigners, crls, deviationLists } = store.contents;
  return der.sequence(
    der.utf8(MAGIC),
    der.integer(VERSION),
    part(anchors),
    part(documentSigners),
    part(crls),
    part(deviationLists),
  );
}

function part(entries: ReadonlyMap<string, Stored<{ raw: Uint8Array }>>): Uint8Array {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return der.sequence(...sorted.map(([, { object, sources }]) =>
    der.sequence(
      der.octetString(object.raw),
      der.sequence(
        ...sources.map(({ kind, file, voucher }) =>
          der.sequence(der.utf8(kind), der.utf8(file), der.utf8(voucher))
        ),
      ),
    )
  ));
}

/** Reads the bytes of a store. Throws PKI_MALFORMED, PKI_UNSUPPORTED for another version, or ASN1_*. */
export function parseTrustStore(bytes: Uint8Array, name = 'trust store'): TrustStore {
  if (bytes.length > MAX_BYTES) {
    throw new EmrtdError('PKI_LIMIT', `${name}: ${bytes.length} bytes`);
  }
  const cursor = fields(parseTlv(bytes, { name, maxNodes: 5_000_000 }), 'TrustStore');
  if (text(cursor.required('magic')) !== MAGIC) {
    throw new EmrtdError('PKI_MALFORMED', `${name}: not a trust store`);
  }
  const version = smallInteger(cursor.required('version'));
  if (version !== VERSION) {
    throw new EmrtdError('PKI_UNSUPPORTED', `${name}: version ${version}`);
  }
  const contents = {
    anchors: readPart(cursor.required('anchors'), (raw) => parseCertificate(raw)),
    documentSigners: readPart(cursor.required('documentSigners'), (raw) => parseCertificate(raw)),
    crls: readPart(cursor.required('crls'), (raw) => parseCrl(raw)),
    deviationLists: readPart(cursor.required('deviationLists'), readDeviationList),
  };
  cursor.end();
  return new TrustStore(contents);
}

function readPart<T extends { fingerprint: string }>(
  element: Tlv,
  parse: (raw: Uint8Array) => T,
): Map<string, Stored<T>> {
  const entries = new Map<string, Stored<T>>();
  for (const entry of fields(element, 'entries').rest()) {
    const cursor = fields(entry, 'Entry');
    const object = parse(octetString(cursor.required('object')));
    const sources = fields(cursor.required('sources'), 'sources').rest().map(readSource);
    cursor.end();
    entries.set(object.fingerprint, { object, sources: sortSources(sources) });
  }
  return entries;
}

function readSource(element: Tlv): Source {
  const cursor = fields(element, 'Source');
  const kind = text(cursor.required('kind', TAG.utf8String));
  const file = text(cursor.required('file', TAG.utf8String));
  const voucher = text(cursor.required('voucher', TAG.utf8String));
  cursor.end();
  if (!SOURCE_KINDS.includes(kind)) {
    throw new EmrtdError('PKI_MALFORMED', `${element.source}: unknown kind of source`);
  }
  return { kind: kind as Source['kind'], file, voucher };
}

/** A list that was verified when it was imported; its signer may have expired since. */
function readDeviationList(raw: Uint8Array): StoredDeviationList {
  const { content, certificates } = parseSignedData(raw, { name: 'deviation list' });
  if (content === undefined) {
    throw new EmrtdError('PKI_MALFORMED', 'deviation list: the message has no content');
  }
  return {
    raw,
    fingerprint: digest('SHA-256', raw).toHex(),
    signer: certificates[0]?.subject.toString() ?? '',
    entries: parseDeviationListContent(content).entries,
  };
}
