/** CSCA master lists (ICAO 9303-12 9): the CSCA certificates that one state has verified, signed. */
import { fields, parseTlv, smallInteger, TAG } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { CONTENT_TYPE, PURPOSE } from './oids.ts';
import { type SignedListOptions, type VerifiedList, verifySignedList } from './signed-list.ts';

/** More than all states together have ever issued. */
const MAX_CERTIFICATES = 20_000;

/** A verified master list; the certificates are DER, not parsed yet. */
export interface MasterList extends Omit<VerifiedList, 'content'> {
  version: number;
  certificates: Uint8Array[];
}

/**
 * Verifies and reads a master list. Throws PKI_UNTRUSTED when the signature or the signer's chain to
 * one of the roots does not verify, PKI_UNSUPPORTED for another kind or version, ASN1_*.
 */
export function parseMasterList(bytes: Uint8Array, options: SignedListOptions): MasterList {
  const { content, ...list } = verifySignedList(
    bytes,
    CONTENT_TYPE.masterList,
    PURPOSE.masterListSigner,
    options,
  );
  return { ...list, ...parseMasterListContent(content, options.name) };
}

/** The CscaMasterList inside the CMS message. */
export function parseMasterListContent(
  content: Uint8Array,
  name = 'master list',
): { version: number; certificates: Uint8Array[] } {
  const cursor = fields(parseTlv(content, { name }), 'CscaMasterList');
  const version = smallInteger(cursor.required('version'));
  if (version !== 0) {
    throw new EmrtdError('PKI_UNSUPPORTED', `${name}: master list version ${version}`);
  }
  const list = cursor.required('certList', TAG.set).children();
  cursor.end();
  if (list.length > MAX_CERTIFICATES) {
    throw new EmrtdError('PKI_LIMIT', `${name}: ${list.length} certificates`);
  }
  return { version, certificates: list.map((certificate) => certificate.raw) };
}
