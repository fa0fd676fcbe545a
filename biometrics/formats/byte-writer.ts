/** Big-endian writer for the formats of this folder; a value that does not fit its field is a RangeError. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];

  u8(value: number, field: string): this {
    return this.#integer(value, 1, field);
  }

  u16(value: number, field: string): this {
    return this.#integer(value, 2, field);
  }

  u24(value: number, field: string): this {
    return this.#integer(value, 3, field);
  }

  u32(value: number, field: string): this {
    return this.#integer(value, 4, field);
  }

  bytes(value: Uint8Array): this {
    this.#parts.push(value);
    return this;
  }

  /** Latin-1 text. */
  text(value: string): this {
    return this.bytes(Uint8Array.from(value, (char) => char.charCodeAt(0)));
  }

  get length(): number {
    return this.#parts.reduce((sum, part) => sum + part.length, 0);
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.length);
    let offset = 0;
    for (const part of this.#parts) {
      out.set(part, offset);
      offset += part.length;
    }
    return out;
  }

  #integer(value: number, size: number, field: string): this {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** size) {
      throw new RangeError(`${field}: ${value} does not fit ${size} bytes`);
    }
    const bytes = new Uint8Array(size);
    for (let index = size - 1, rest = value; index >= 0; index--, rest = Math.floor(rest / 256)) {
      bytes[index] = rest % 256;
    }
    return this.bytes(bytes);
  }
}
