/**
 * Reader of BER-TLV and DER (ITU-T X.690 8.1, ISO/IEC 7816-4 5.2.2): a view over immutable bytes that
 * decodes one level at a time, with limits on depth and on the number of elements for the whole tree.
 */
import { EmrtdError } from '../errors.ts';

/** How strictly to read, and how much. */
export interface TlvOptions {
  /** What the bytes are, for error messages: `EF.SOD`. */
  name?: string;
  /** Allow indefinite lengths and lengths with more octets than needed. Default: DER only. */
  ber?: boolean;
  /** Levels of nesting, the outermost being 1. Default 32. */
  maxDepth?: number;
  /**
   * Elements decoded in all, over every call of `children`; to find the end of an indefinite length also
   * counts those it passes. Default 100,000.
   */
  maxNodes?: number;
  /** Ignore bytes after the element instead of refusing them (`parseTlv` only). */
  allowTrailing?: boolean;
}

interface Source {
  bytes: Uint8Array;
  name: string;
  ber: boolean;
  maxDepth: number;
  nodesLeft: number;
}

interface Header {
  tag: number;
  /** Offset of the first value byte. */
  valueStart: number;
  /** Length of the value, or -1 for an indefinite length. */
  length: number;
}

const INDEFINITE = -1;
/** Longest tag accepted, in bytes: 9303-10 uses up to two, ISO/IEC 39794 up to two. */
const MAX_TAG_BYTES = 4;

function malformed(source: Source, offset: number, what: string): EmrtdError {
  return new EmrtdError('ASN1_MALFORMED', `${source.name}: ${what} at offset ${offset}`);
}

function readHeader(source: Source, start: number, end: number): Header {
  const { bytes } = source;
  let offset = start;
  if (offset >= end) throw malformed(source, start, 'element is missing');
  let tag = bytes[offset++];
  if (tag === 0) throw malformed(source, start, 'tag 00');
  if ((tag & 0x1f) === 0x1f) {
    let next: number;
    do {
      if (offset >= end) throw malformed(source, start, 'tag is truncated');
      if (offset - start >= MAX_TAG_BYTES) throw malformed(source, start, 'tag is too long');
      next = bytes[offset++];
      if (offset - start === 2 && next === 0x80) {
        throw malformed(source, start, 'tag has a leading zero');
      }
      tag = tag * 256 + next;
    } while ((next & 0x80) !== 0);
  }
  if (offset >= end) throw malformed(source, start, 'length is missing');
  const first = bytes[offset++];
  if (first < 0x80) return { tag, valueStart: offset, length: first };
  if (first === 0x80) {
    if (!source.ber) throw malformed(source, start, 'indefinite length is not DER');
    if (!isConstructed(tag)) throw malformed(source, start, 'indefinite length on a primitive');
    return { tag, valueStart: offset, length: INDEFINITE };
  }
  let count = first & 0x7f;
  if (count > end - offset) throw malformed(source, start, 'length is truncated');
  let length = 0;
  for (; count > 0; count--) {
    length = length * 256 + bytes[offset++];
    if (length > 0xffffffff) throw malformed(source, start, 'length is above 4 GiB');
  }
  if (!source.ber && (length < 0x80 || length < 256 ** ((first & 0x7f) - 1))) {
    throw malformed(source, start, 'length is not in its shortest form');
  }
  return { tag, valueStart: offset, length };
}

/** True when a tag of any length has its constructed bit set. */
export function isConstructed(tag: number): boolean {
  let first = tag;
  while (first > 0xff) first = Math.floor(first / 256);
  return (first & 0x20) !== 0;
}

/** One decoded element. Offsets are into the bytes given to `parseTlv` or `readTlvs`. */
export class Tlv {
  /** The tag bytes as one number, class and constructed bits included: 0x30, 0x5f0e, 0x7f60. */
  readonly tag: number;
  /** Offset of the tag. */
  readonly start: number;
  /** Number of tag and length bytes. */
  readonly header: number;
  /** Offset behind the element, end-of-contents octets included. */
  readonly end: number;
  readonly #source: Source;
  readonly #valueEnd: number;
  readonly #depth: number;
  #children: readonly Tlv[] | undefined;

  /** @internal Elements come from `parseTlv` and `readTlvs`. */
  constructor(
    source: Source,
    place: { tag: number; start: number; header: number; valueEnd: number; end: number },
    depth: number,
  ) {
    this.tag = place.tag;
    this.start = place.start;
    this.header = place.header;
    this.end = place.end;
    this.#valueEnd = place.valueEnd;
    this.#source = source;
    this.#depth = depth;
  }

  /** The value bytes, a view. */
  get value(): Uint8Array {
    return this.#source.bytes.subarray(this.start + this.header, this.#valueEnd);
  }

  /** The whole element with tag and length, a view. */
  get raw(): Uint8Array {
    return this.#source.bytes.subarray(this.start, this.end);
  }

  /** Name of the input, for error messages. */
  get source(): string {
    return this.#source.name;
  }

  /** True when BER was allowed for this tree. */
  get ber(): boolean {
    return this.#source.ber;
  }

  get constructed(): boolean {
    return isConstructed(this.tag);
  }

  /**
   * The elements inside, decoded on first use. Throws ASN1_UNEXPECTED on a primitive, ASN1_MALFORMED
   * or ASN1_LIMIT on bad contents.
   */
  children(): readonly Tlv[] {
    if (this.#children === undefined) {
      if (!this.constructed) {
        throw new EmrtdError(
          'ASN1_UNEXPECTED',
          `${this.source}: primitive element ${tagName(this.tag)} has no elements inside`,
        );
      }
      this.#children = readAll(
        this.#source,
        this.start + this.header,
        this.#valueEnd,
        this.#depth + 1,
      );
    }
    return this.#children;
  }
}

/** A tag as it is written in the standards: `5F0E`. */
export function tagName(tag: number): string {
  return tag.toString(16).toUpperCase().padStart(2, '0');
}

/** End of the contents of an indefinite element whose value starts at `start` (X.690 8.1.5). */
function indefiniteEnd(source: Source, start: number, limit: number, depth: number): number {
  let offset = start;
  let open = 1;
  while (open > 0) {
    if (depth + open > source.maxDepth + 1) throw limitError(source, 'nested too deeply');
    if (offset + 2 <= limit && source.bytes[offset] === 0 && source.bytes[offset + 1] === 0) {
      offset += 2;
      open--;
      continue;
    }
    countNode(source);
    const header = readHeader(source, offset, limit);
    if (header.length === INDEFINITE) {
      open++;
      offset = header.valueStart;
    } else {
      if (header.length > limit - header.valueStart) {
        throw malformed(source, offset, 'element runs past the end');
      }
      offset = header.valueStart + header.length;
    }
  }
  return offset - 2;
}

function countNode(source: Source): void {
  if (source.nodesLeft-- <= 0) throw limitError(source, 'too many elements');
}

function limitError(source: Source, what: string): EmrtdError {
  return new EmrtdError('ASN1_LIMIT', `${source.name}: ${what}`);
}

function readOne(source: Source, start: number, limit: number, depth: number): Tlv {
  if (depth > source.maxDepth) throw limitError(source, 'nested too deeply');
  countNode(source);
  const { tag, valueStart, length } = readHeader(source, start, limit);
  const header = valueStart - start;
  if (length === INDEFINITE) {
    const valueEnd = indefiniteEnd(source, valueStart, limit, depth);
    return new Tlv(source, { tag, start, header, valueEnd, end: valueEnd + 2 }, depth);
  }
  if (length > limit - valueStart) {
    throw malformed(
      source,
      start,
      `element ${tagName(tag)} claims ${length} bytes of ${limit - valueStart}`,
    );
  }
  const end = valueStart + length;
  return new Tlv(source, { tag, start, header, valueEnd: end, end }, depth);
}

function readAll(source: Source, start: number, end: number, depth: number): readonly Tlv[] {
  const list: Tlv[] = [];
  for (let offset = start; offset < end;) {
    const element = readOne(source, offset, end, depth);
    list.push(element);
    offset = element.end;
  }
  return list;
}

function sourceOf(bytes: Uint8Array, options: TlvOptions): Source {
  return {
    bytes,
    name: options.name ?? 'input',
    ber: options.ber ?? false,
    maxDepth: options.maxDepth ?? 32,
    nodesLeft: options.maxNodes ?? 100_000,
  };
}

/**
 * The single element that `bytes` holds.
 * Throws ASN1_MALFORMED (also for bytes left over, unless `allowTrailing`) and ASN1_LIMIT.
 */
export function parseTlv(bytes: Uint8Array, options: TlvOptions = {}): Tlv {
  const source = sourceOf(bytes, options);
  const element = readOne(source, 0, bytes.length, 1);
  if (options.allowTrailing !== true && element.end !== bytes.length) {
    throw malformed(source, element.end, `${bytes.length - element.end} bytes left over`);
  }
  return element;
}

/** The elements that follow one another in `bytes`, none for no bytes. Throws as `parseTlv` does. */
export function readTlvs(bytes: Uint8Array, options: TlvOptions = {}): readonly Tlv[] {
  return readAll(sourceOf(bytes, options), 0, bytes.length, 1);
}

/** The first element of a list with this tag. */
export function findTag(list: readonly Tlv[], tag: number): Tlv | undefined {
  return list.find((element) => element.tag === tag);
}
