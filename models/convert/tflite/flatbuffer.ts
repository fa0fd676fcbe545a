/**
 * Bounds-checked reader of the FlatBuffers wire format. Own code because the official package does
 * not check offsets, and a table reader is all that a TFLite file needs.
 */
import { PackError } from '../../errors.ts';

/** Longest vector of tables or offsets we accept; weight bytes are not counted element by element. */
const MAX_VECTOR_ITEMS = 100_000;

export class FlatBuffer {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The table the file starts with. */
  root(identifier: string): FlatTable {
    this.#need(0, 8);
    const found = String.fromCharCode(...this.#bytes.subarray(4, 8));
    if (found !== identifier) throw malformed(`identifier is not ${identifier}`);
    return this.tableAt(this.target(0));
  }

  tableAt(position: number): FlatTable {
    const vtable = position - this.int32(position);
    const size = this.uint16(vtable);
    this.#need(vtable, size);
    return new FlatTable(this, position, vtable, size);
  }

  /** Where an unsigned offset stored at `position` points to. */
  target(position: number): number {
    const offset = this.uint32(position);
    if (offset === 0) throw malformed(`null offset at ${position}`);
    return position + offset;
  }

  uint8(position: number): number {
    this.#need(position, 1);
    return this.#view.getUint8(position);
  }

  uint16(position: number): number {
    this.#need(position, 2);
    return this.#view.getUint16(position, true);
  }

  uint32(position: number): number {
    this.#need(position, 4);
    return this.#view.getUint32(position, true);
  }

  int32(position: number): number {
    this.#need(position, 4);
    return this.#view.getInt32(position, true);
  }

  /** A copy of `length` bytes, aligned for typed arrays. */
  slice(position: number, length: number): Uint8Array<ArrayBuffer> {
    this.#need(position, length);
    return Uint8Array.from(this.#bytes.subarray(position, position + length));
  }

  #need(position: number, length: number): void {
    if (position < 0 || length < 0 || position + length > this.#bytes.length) {
      throw malformed(`${length} bytes at ${position} are outside the file`);
    }
  }
}

/** A table; fields are addressed by their number in the schema and absent ones read as default. */
export class FlatTable {
  readonly #file: FlatBuffer;
  readonly #position: number;
  readonly #vtable: number;
  readonly #vtableSize: number;

  constructor(file: FlatBuffer, position: number, vtable: number, vtableSize: number) {
    this.#file = file;
    this.#position = position;
    this.#vtable = vtable;
    this.#vtableSize = vtableSize;
  }

  /** Position of a field's value, or undefined when the file leaves it out. */
  #field(field: number): number | undefined {
    const entry = 4 + field * 2;
    if (entry + 2 > this.#vtableSize) return undefined;
    const offset = this.#file.uint16(this.#vtable + entry);
    return offset === 0 ? undefined : this.#position + offset;
  }

  uint8(field: number): number {
    const at = this.#field(field);
    return at === undefined ? 0 : this.#file.uint8(at);
  }

  uint32(field: number): number {
    const at = this.#field(field);
    return at === undefined ? 0 : this.#file.uint32(at);
  }

  int32(field: number, fallback = 0): number {
    const at = this.#field(field);
    return at === undefined ? fallback : this.#file.int32(at);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#field(field);
    return at === undefined ? undefined : this.#file.tableAt(this.#file.target(at));
  }

  tables(field: number): FlatTable[] {
    const { start, length } = this.#vector(field);
    checkItems(length);
    return Array.from(
      { length },
      (_, i) => this.#file.tableAt(this.#file.target(start + 4 * i)),
    );
  }

  int32s(field: number): number[] {
    const { start, length } = this.#vector(field);
    checkItems(length);
    return Array.from({ length }, (_, i) => this.#file.int32(start + 4 * i));
  }

  bytes(field: number): Uint8Array<ArrayBuffer> {
    const { start, length } = this.#vector(field);
    return this.#file.slice(start, length);
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  #vector(field: number): { start: number; length: number } {
    const at = this.#field(field);
    if (at === undefined) return { start: 0, length: 0 };
    const vector = this.#file.target(at);
    return { start: vector + 4, length: this.#file.uint32(vector) };
  }
}

function checkItems(length: number): void {
  if (length > MAX_VECTOR_ITEMS) throw malformed(`a vector claims ${length} items`);
}

function malformed(what: string): PackError {
  return new PackError('CONVERSION_UNSUPPORTED', `TFLite file: ${what}`);
}
