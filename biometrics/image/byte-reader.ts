/** A bounds-checked big-endian cursor: every format reader of this library takes its bytes through it. */
import { FaceError, type FaceErrorCode } from '../errors.ts';

/** Reads forward through `bytes`; a read past the end throws a FaceError naming the format and the field. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;
  readonly #code: FaceErrorCode;
  #offset = 0;

  /** `name` opens every message ("PNG"); `code` is the code of every error. */
  constructor(bytes: Uint8Array, name: string, code: FaceErrorCode = 'IMAGE_UNDECODABLE') {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
    this.#code = code;
  }

  /** Bytes consumed so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes left. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(field: string): number {
    return this.#view.getUint8(this.#advance(1, field));
  }

  u16(field: string): number {
    return this.#view.getUint16(this.#advance(2, field));
  }

  u32(field: string): number {
    return this.#view.getUint32(this.#advance(4, field));
  }

  /** The next `length` bytes as a view, not a copy. */
  take(length: number, field: string): Uint8Array {
    const start = this.#advance(length, field);
    return this.#bytes.subarray(start, start + length);
  }

  /** The next `length` bytes as Latin-1 text. */
  text(length: number, field: string): string {
    return String.fromCharCode(...this.take(length, field));
  }

  skip(length: number, field: string): void {
    this.#advance(length, field);
  }

  /** An error of this reader's kind, for the caller to throw. */
  error(message: string, options?: ErrorOptions): FaceError {
    return new FaceError(this.#code, `${this.#name}: ${message}`, options);
  }

  #advance(length: number, field: string): number {
    if (length > this.remaining) {
      throw this.error(
        `truncated: ${field} needs ${length} bytes at offset ${this.#offset}, ${this.remaining} are left`,
      );
    }
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}
