/** Writer of DER (X.690 clauses 8, 10 and 11): each function returns a complete element. */
import { EmrtdError } from '../errors.ts';
import { contextTag, TAG } from './tags.ts';

function refuse(message: string): EmrtdError {
  return new EmrtdError('ASN1_UNEXPECTED', message);
}

function tagBytes(tag: number): number[] {
  const bytes: number[] = [];
  for (let rest = tag; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes.length === 0 ? [0] : bytes;
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** One element: the tag as a number (0x30, 0x5f0e), then the parts of its value one after another. */
export function tlv(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [...tagBytes(tag), ...lengthBytes(length)];
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  let offset = head.length;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function integerValue(value: bigint | number): Uint8Array {
  const number = BigInt(value);
  let bits = 8;
  while (BigInt.asIntN(bits, number) !== number) bits += 8;
  return Uint8Array.fromHex(BigInt.asUintN(bits, number).toString(16).padStart(bits / 4, '0'));
}

function oidValue(dotted: string): Uint8Array {
  if (!/^[0-2](\.(0|[1-9]\d*))+$/.test(dotted)) throw refuse(`not an object identifier: ${dotted}`);
  const [root, second, ...others] = dotted.split('.').map(BigInt);
  if (root < 2n && second > 39n) throw refuse(`not an object identifier: ${dotted}`);
  const bytes: number[] = [];
  for (const arc of [root * 40n + second, ...others]) {
    const group = [Number(arc & 0x7fn)];
    for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) group.unshift(Number(rest & 0x7fn) | 0x80);
    bytes.push(...group);
  }
  return Uint8Array.from(bytes);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

function ascii(value: string, allowed: RegExp, type: string): Uint8Array {
  if (!allowed.test(value)) throw refuse(`text has characters outside ${type}`);
  return new TextEncoder().encode(value);
}

/** `YYYYMMDDhhmmss` of an instant in UTC. */
function stamp(date: Date): string {
  if (Number.isNaN(date.getTime())) throw refuse('time is not a date');
  return date.toISOString().replace(/[-:T]|\.\d+Z$/g, '');
}

const encoder = new TextEncoder();

/** Writers by type. Context tags are constructed ([n] EXPLICIT or [n] IMPLICIT SEQUENCE). */
export const der = {
  sequence: (...parts: Uint8Array[]): Uint8Array => tlv(TAG.sequence, ...parts),
  /** SET OF: elements are put into the order of X.690 11.6. */
  set: (...parts: Uint8Array[]): Uint8Array => tlv(TAG.set, ...parts.toSorted(compareBytes)),
  integer: (value: bigint | number): Uint8Array => tlv(TAG.integer, integerValue(value)),
  oid: (dotted: string): Uint8Array => tlv(TAG.oid, oidValue(dotted)),
  octetString: (bytes: Uint8Array): Uint8Array => tlv(TAG.octetString, bytes),
  bitString: (bytes: Uint8Array, unusedBits = 0): Uint8Array =>
    tlv(TAG.bitString, Uint8Array.of(unusedBits), bytes),
  nul: (): Uint8Array => tlv(TAG.null),
  boolean: (value: boolean): Uint8Array => tlv(TAG.boolean, Uint8Array.of(value ? 0xff : 0)),
  utf8: (value: string): Uint8Array => tlv(TAG.utf8String, encoder.encode(value)),
  printable: (value: string): Uint8Array =>
    tlv(
      TAG.printableString,
      ascii(value, /^[A-Za-z0-9 '()+,\-./:=?]*$/, 'PrintableString'),
    ),
  ia5: (value: string): Uint8Array =>
    // deno-lint-ignore no-control-regex
    tlv(TAG.ia5String, ascii(value, /^[\x00-\x7f]*$/, 'IA5String')),
  /** For years 1950 to 2049. */
  utcTime: (date: Date): Uint8Array => {
    const year = date.getUTCFullYear();
    if (!(year >= 1950 && year <= 2049)) throw refuse('time is outside the years of UTCTime');
    return tlv(TAG.utcTime, encoder.encode(`${stamp(date).slice(2)}Z`));
  },
  generalizedTime: (date: Date): Uint8Array =>
    tlv(TAG.generalizedTime, encoder.encode(`${stamp(date)}Z`)),
  /** [n] around elements. */
  context: (n: number, ...parts: Uint8Array[]): Uint8Array => tlv(contextTag(n), ...parts),
  /** [n] IMPLICIT of a primitive type: the value bytes only. */
  contextPrimitive: (n: number, value: Uint8Array): Uint8Array =>
    tlv(contextTag(n, 'primitive'), value),
} as const;
