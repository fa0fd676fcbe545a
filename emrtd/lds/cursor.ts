/** Bounds-checked big-endian reader for the fixed-layout biometric records (ISO/IEC 19794). */
import { EmrtdError } from '../errors.ts';

export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #name: string;
  #offset = 0;

  /** `name` goes into messages. */
  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#name = name;
  }

  get offset(): number {
    return this.#offset;
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  /** View of the next bytes. Throws LDS_MALFORMED when there are fewer. */
  take(length: number, what: string): Uint8Array {
    if (length > this.left) {
      throw new EmrtdError(
        'LDS_MALFORMED',
        `${this.#name}: ${what} needs ${length} bytes at offset ${this.#offset}, ${this.left} are left`,
      );
    }
    const start = this.#offset;
    this.#offset += length;
    return this.#bytes.subarray(start, this.#offset);
  }

  /** Unsigned number of 1 to 4 bytes. */
  number(length: 1 | 2 | 3 | 4, what: string): number {
    return this.take(length, what).reduce((value, byte) => value * 256 + byte, 0);
  }

  skip(length: number, what: string): void {
    this.take(length, what);
  }
}
