/**
 * The outer element of an LDS file (ICAO 9303-10 4.6): opens it, reports bytes behind it, and turns an
 * element that is broken inside an otherwise good file into a finding.
 */
import { parseTlv, tagName, type Tlv } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { Findings } from './finding.ts';

/** Nesting and element counts no real file comes near (DG2 of three images: 7 levels, 30 elements). */
const LIMITS = { maxDepth: 16, maxNodes: 2000 } as const;

/**
 * Opens the file. BER lengths are accepted (US documents use them); hashes are taken over the bytes as
 * read, so leniency here decides nothing about authenticity.
 * Throws LDS_TAG when the outer tag is another one, ASN1_MALFORMED or ASN1_LIMIT when it is broken.
 */
export function openFile(bytes: Uint8Array, tag: number, name: string, findings: Findings): Tlv {
  const file = parseTlv(bytes, { name, ber: true, allowTrailing: true, ...LIMITS });
  if (file.tag !== tag) {
    throw new EmrtdError(
      'LDS_TAG',
      `${name}: outer tag is ${tagName(file.tag)} instead of ${tagName(tag)}`,
    );
  }
  if (file.end < bytes.length) {
    findings.add('trailing-bytes', `${bytes.length - file.end} bytes after the file`);
  }
  return file;
}

/**
 * Runs `read`; an EmrtdError in it becomes a `malformed` finding and `undefined`, so that one broken
 * element does not lose the others. Other errors pass: they are bugs.
 */
export function attempt<T>(findings: Findings, part: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EmrtdError)) throw error;
    findings.add(error.code === 'ASN1_LIMIT' ? 'limit' : 'malformed', error.message, part);
    return undefined;
  }
}

/** Big-endian unsigned number of at most 4 bytes. Throws LDS_MALFORMED for none or more. */
export function smallNumber(bytes: Uint8Array, what: string): number {
  if (bytes.length === 0 || bytes.length > 4) {
    throw new EmrtdError('LDS_MALFORMED', `${what}: a number of ${bytes.length} bytes`);
  }
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
