/** Typed values out of TLV elements (X.690 clauses 8 and 11). Each names the input when it refuses. */
import { EmrtdError } from '../errors.ts';
import { TAG } from './tags.ts';
import { tagName, type Tlv } from './tlv.ts';

/** Longest INTEGER read, in bytes: an RSA modulus of 16,384 bits and its sign byte. */
const MAX_INTEGER_BYTES = 2049;
const MAX_OID_BYTES = 128;

function unexpected(element: Tlv, what: string): EmrtdError {
  return new EmrtdError(
    'ASN1_UNEXPECTED',
    `${element.source}: ${what}, found tag ${tagName(element.tag)} at offset ${element.start}`,
  );
}

function malformed(element: Tlv, what: string): EmrtdError {
  return new EmrtdError(
    'ASN1_MALFORMED',
    `${element.source}: ${what} at offset ${element.start}`,
  );
}

/** The element itself when it has the tag; otherwise throws ASN1_UNEXPECTED. `what` names the field. */
export function expectTag(element: Tlv, tag: number, what = 'element'): Tlv {
  if (element.tag !== tag) throw unexpected(element, `${what} should have tag ${tagName(tag)}`);
  return element;
}

function contents(element: Tlv, tag: number | undefined, what: string): Uint8Array {
  if (tag !== undefined) expectTag(element, tag, what);
  return element.value;
}

/**
 * Value of an INTEGER, negative ones included. `tag` is the expected tag, 0x02 unless the type is
 * implicitly tagged; 0x0a reads an ENUMERATED.
 */
export function integer(element: Tlv, tag: number = TAG.integer): bigint {
  const bytes = contents(element, tag, 'INTEGER');
  if (bytes.length === 0) throw malformed(element, 'INTEGER is empty');
  if (bytes.length > MAX_INTEGER_BYTES) {
    throw new EmrtdError('ASN1_LIMIT', `${element.source}: INTEGER of ${bytes.length} bytes`);
  }
  if (
    bytes.length > 1 &&
    ((bytes[0] === 0 && bytes[1] < 0x80) || (bytes[0] === 0xff && bytes[1] >= 0x80))
  ) {
    throw malformed(element, 'INTEGER is not in its shortest form');
  }
  const magnitude = BigInt(`0x${bytes.toHex()}`);
  return bytes[0] < 0x80 ? magnitude : magnitude - (1n << BigInt(8 * bytes.length));
}

/** Value of an INTEGER that may not be negative. */
export function unsigned(element: Tlv, tag: number = TAG.integer): bigint {
  const value = integer(element, tag);
  if (value < 0n) throw malformed(element, 'INTEGER is negative');
  return value;
}

/** Value of a small non-negative INTEGER, such as a version, up to 2^31 - 1. */
export function smallInteger(element: Tlv, tag: number = TAG.integer): number {
  const value = unsigned(element, tag);
  if (value > 0x7fffffffn) {
    throw new EmrtdError('ASN1_LIMIT', `${element.source}: INTEGER is too large for its use`);
  }
  return Number(value);
}

/** Dotted form of an OBJECT IDENTIFIER. */
export function oid(element: Tlv, tag: number = TAG.oid): string {
  const bytes = contents(element, tag, 'OBJECT IDENTIFIER');
  if (bytes.length === 0) throw malformed(element, 'OBJECT IDENTIFIER is empty');
  if (bytes.length > MAX_OID_BYTES) {
    throw new EmrtdError('ASN1_LIMIT', `${element.source}: OID of ${bytes.length} bytes`);
  }
  if (bytes[bytes.length - 1] >= 0x80) throw malformed(element, 'OBJECT IDENTIFIER is truncated');
  return smallArcs(bytes) ?? wideArcs(element, bytes);
}

/** Dotted form when every arc is small and well formed, as nearly always; undefined otherwise. */
function smallArcs(bytes: Uint8Array): string | undefined {
  let text = '';
  let arc = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (arc === 0 && byte === 0x80) return undefined;
    arc = arc * 128 + (byte & 0x7f);
    if (arc > 0xffffffff) return undefined;
    if (byte >= 0x80) continue;
    if (text === '') {
      const root = Math.min(Math.floor(arc / 40), 2);
      text = `${root}.${arc - 40 * root}`;
    } else text += `.${arc}`;
    arc = 0;
  }
  return text;
}

function wideArcs(element: Tlv, bytes: Uint8Array): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  let first = true;
  for (const byte of bytes) {
    if (first && byte === 0x80) throw malformed(element, 'OID arc has a leading zero');
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    first = (byte & 0x80) === 0;
    if (first) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const root = arcs[0] < 40n ? 0n : arcs[0] < 80n ? 1n : 2n;
  return [root, arcs[0] - 40n * root, ...arcs.slice(1)].join('.');
}

/** Value of a BOOLEAN; DER allows only 00 and FF. */
export function boolean(element: Tlv, tag: number = TAG.boolean): boolean {
  const bytes = contents(element, tag, 'BOOLEAN');
  if (bytes.length !== 1 || (!element.ber && bytes[0] !== 0 && bytes[0] !== 0xff)) {
    throw malformed(element, 'BOOLEAN is not 00 or FF');
  }
  return bytes[0] !== 0;
}

/** Checks a NULL. */
export function nul(element: Tlv): void {
  if (contents(element, TAG.null, 'NULL').length !== 0) {
    throw malformed(element, 'NULL has a value');
  }
}

/**
 * Contents of an OCTET STRING: a view, or with BER also the joined pieces of a constructed one
 * (X.690 8.7). `tag` is the primitive tag expected.
 */
export function octetString(element: Tlv, tag: number = TAG.octetString): Uint8Array {
  if (element.ber && element.tag === (tag | 0x20)) {
    const pieces = element.children().map((piece) => octetString(piece));
    const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let offset = 0;
    for (const piece of pieces) {
      joined.set(piece, offset);
      offset += piece.length;
    }
    return joined;
  }
  return contents(element, tag, 'OCTET STRING');
}

/** Contents of a BIT STRING: the bytes, and how many bits of the last one do not count. */
export function bitString(
  element: Tlv,
  tag: number = TAG.bitString,
): { bytes: Uint8Array; unusedBits: number } {
  const value = contents(element, tag, 'BIT STRING');
  const unusedBits = value[0];
  if (value.length === 0 || unusedBits > 7 || (value.length === 1 && unusedBits !== 0)) {
    throw malformed(element, 'BIT STRING has a bad count of unused bits');
  }
  const bytes = value.subarray(1);
  if (!element.ber && unusedBits > 0 && (bytes[bytes.length - 1] & ((1 << unusedBits) - 1)) !== 0) {
    throw malformed(element, 'BIT STRING has unused bits that are set');
  }
  return { bytes, unusedBits };
}

/** Contents of a BIT STRING that holds whole bytes, such as a signature or a key. */
export function bitStringBytes(element: Tlv, tag: number = TAG.bitString): Uint8Array {
  const { bytes, unusedBits } = bitString(element, tag);
  if (unusedBits !== 0) throw malformed(element, 'BIT STRING is not whole bytes');
  return bytes;
}
