/** Reads protocol buffers: a bounds-checked cursor over the fields of one message. */

/** Wire types. */
export const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** One field of a message. */
export interface Field {
  readonly number: number;
  readonly wireType: number;
  /** Value of a varint field, 0 otherwise. */
  readonly value: bigint;
  /** Content of every other field; a view, nothing is copied. Of a varint empty. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array();

/**
 * The fields of one message, in their order.
 * @param fail makes the error for what is wrong
 */
export function* fieldsOf(
  bytes: Uint8Array,
  fail: (what: string) => Error,
): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) throw fail('a number is cut off');
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw fail('a number is longer than 10 bytes');
  };
  const take = (length: bigint): Uint8Array => {
    if (length > BigInt(bytes.length - at)) throw fail('a field is cut off');
    const start = at;
    at += Number(length);
    return bytes.subarray(start, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    const wireType = Number(tag & 7n);
    let value = 0n;
    let content: Uint8Array = NOTHING;
    if (wireType === VARINT) value = varint();
    else if (wireType === LENGTH_DELIMITED) content = take(varint());
    else if (wireType === FIXED64) content = take(8n);
    else if (wireType === FIXED32) content = take(4n);
    else throw fail(`wire type ${wireType}`);
    yield { number, wireType, value, bytes: content };
  }
}
