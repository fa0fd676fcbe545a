/**
 * The little of DER (ITU-T X.690) that ISO/IEC 39794 records need: elements with one-byte tags, unsigned
 * integers, definite lengths in their shortest form. Every level is a bounded list, read without recursion.
 */
import { FaceError } from '../errors.ts';
import { ByteReader } from '../image/byte-reader.ts';

/** Elements of one level that are read; the largest type of ISO/IEC 39794-5 has 12. */
const MAX_ELEMENTS = 64;
/** Bytes of an integer or length, so that it stays exact in a number. */
const MAX_NUMBER_BYTES = 6;
/** Low five bits of a tag that goes on in further bytes (X.690 8.1.2.4). */
const LONG_TAG = 0x1f;
const LONG_LENGTH = 0x80;

export interface DerElement {
  /** Class, constructed bit and number in one byte: 0xa1 is a constructed [1]. */
  readonly tag: number;
  readonly value: Uint8Array;
}

/**
 * The elements that follow one another in `bytes`.
 * @param name of what holds them, for messages
 * @throws FaceError IMAGE_UNDECODABLE
 */
export function readElements(bytes: Uint8Array, name: string): DerElement[] {
  const reader = new ByteReader(bytes, name);
  const elements: DerElement[] = [];
  while (reader.remaining > 0) {
    if (elements.length === MAX_ELEMENTS) {
      throw reader.error(`more than ${MAX_ELEMENTS} elements`);
    }
    const tag = reader.u8('tag');
    if ((tag & LONG_TAG) === LONG_TAG) throw reader.error('a tag of several bytes');
    const length = readLength(reader);
    elements.push({ tag, value: reader.take(length, `element ${tag.toString(16)}`) });
  }
  return elements;
}

function readLength(reader: ByteReader): number {
  const first = reader.u8('length');
  if (first < LONG_LENGTH) return first;
  const bytes = reader.take(first - LONG_LENGTH, 'length');
  const length = toNumber(bytes);
  if (bytes.length > MAX_NUMBER_BYTES || length < LONG_LENGTH || bytes[0] === 0) {
    throw reader.error('a length that is too large or not in its shortest form');
  }
  return length;
}

function toNumber(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** A SEQUENCE whose components carry context tags: each of them at most once. */
export class DerFields {
  readonly name: string;
  readonly #values = new Map<number, Uint8Array>();

  /** @throws FaceError IMAGE_UNDECODABLE */
  constructor(bytes: Uint8Array, name: string) {
    this.name = name;
    for (const { tag, value } of readElements(bytes, name)) {
      if (this.#values.has(tag)) throw this.error(`element ${tag.toString(16)} appears twice`);
      this.#values.set(tag, value);
    }
  }

  error(message: string): FaceError {
    return new FaceError('IMAGE_UNDECODABLE', `${this.name}: ${message}`);
  }

  optional(tag: number): Uint8Array | undefined {
    return this.#values.get(tag);
  }

  required(tag: number, field: string): Uint8Array {
    const value = this.#values.get(tag);
    if (value === undefined) throw this.error(`no ${field}`);
    return value;
  }

  /** The components of a constructed component. */
  fields(tag: number, field: string): DerFields {
    return new DerFields(this.required(tag, field), `${this.name} ${field}`);
  }

  optionalFields(tag: number, field: string): DerFields | undefined {
    return this.optional(tag) === undefined ? undefined : this.fields(tag, field);
  }

  /** An unsigned INTEGER or ENUMERATED. */
  integer(tag: number, field: string): number {
    const value = this.required(tag, field);
    const padded = value[0] === 0 && value.length > 1;
    const signed = value[0] >= 0x80;
    if (value.length === 0 || signed || (padded && value[1] < 0x80)) {
      throw this.error(`${field} is not an unsigned integer in its shortest form`);
    }
    if (value.length > MAX_NUMBER_BYTES) throw this.error(`${field} is too large`);
    return toNumber(value);
  }

  optionalInteger(tag: number, field: string): number | undefined {
    return this.optional(tag) === undefined ? undefined : this.integer(tag, field);
  }

  /** A code in the form CHOICE { code [0], extension [1] } of ISO/IEC 39794-1. */
  code(tag: number, field: string): number {
    return this.fields(tag, field).integer(0x80, 'code');
  }

  optionalCode(tag: number, field: string): number | undefined {
    return this.optional(tag) === undefined ? undefined : this.code(tag, field);
  }
}

/** One element around the parts of its value. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [tag, ...lengthBytes(length)];
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  let offset = head.length;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** An INTEGER or ENUMERATED. Throws RangeError for what is not a whole number from 0. */
export function integerElement(tag: number, value: number, field: string): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** (8 * MAX_NUMBER_BYTES - 1)) {
    throw new RangeError(`${field}: ${value} is not a whole number in range`);
  }
  const digits = bigEndian(value);
  return element(tag, Uint8Array.from(digits[0] >= 0x80 ? [0, ...digits] : digits));
}

/** A code in the form CHOICE { code [0], extension [1] }. */
export function codeElement(tag: number, value: number, field: string): Uint8Array {
  return element(tag, integerElement(0x80, value, field));
}

function lengthBytes(length: number): number[] {
  if (length < LONG_LENGTH) return [length];
  const digits = bigEndian(length);
  return [LONG_LENGTH + digits.length, ...digits];
}

function bigEndian(value: number): number[] {
  const digits: number[] = [];
  let rest = value;
  do digits.unshift(rest % 256); while ((rest = Math.floor(rest / 256)) > 0);
  return digits;
}
