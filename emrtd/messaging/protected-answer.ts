/**
 * The data objects of a protected answer (9303-11 9.8.4, ISO/IEC 7816-4 10.2): DO87 or DO85, DO99, DO8E.
 * Anything that is not authenticated is told apart here, before a key is used.
 */
import { EmrtdError } from '../errors.ts';
import type { ResponseApdu } from '../iso7816/mod.ts';
import { statusName } from '../iso7816/mod.ts';

export interface ProtectedAnswer {
  /** What DO87 (without its padding indicator) or DO85 holds. */
  cryptogram: Uint8Array | undefined;
  /** Status word of DO99, the authenticated one. */
  sw: number;
  /** Number of bytes before DO8E, all of them authenticated. */
  authenticated: number;
  /** Offset of the MAC in the answer. */
  mac: number;
}

const DO_CRYPTOGRAM_PADDED = 0x87;
const DO_CRYPTOGRAM = 0x85;
const DO_STATUS = 0x99;
const DO_MAC = 0x8e;
const PADDING_INDICATOR = 0x01;

function plain(sw: number): EmrtdError {
  const message = `secure messaging: unprotected answer ${statusName(sw)}`;
  return new EmrtdError('SM_PLAIN', message, { statusWord: sw });
}

function malformed(): EmrtdError {
  return new EmrtdError('SM_FAILED', 'secure messaging: data objects are not as they should be');
}

/** Offsets of a value; lengths of up to two bytes, as answers have. */
function valueAt(data: Uint8Array, start: number): { start: number; end: number } {
  let offset = start + 1;
  let length = data[offset++] ?? 0xff;
  if (length >= 0x80) {
    const count = length & 0x7f;
    if (count < 1 || count > 2) throw malformed();
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (data[offset++] ?? 0xff);
  }
  if (offset + length > data.length) throw malformed();
  return { start: offset, end: offset + length };
}

/**
 * Takes an answer apart. Throws SM_PLAIN when nothing of it is protected (no data objects, or DO99 without
 * DO8E), SM_FAILED when the objects are others than DO87/DO85, DO99, DO8E in this order.
 */
export function readProtectedAnswer({ data, sw }: ResponseApdu): ProtectedAnswer {
  if (data.length === 0) throw plain(sw);
  let offset = 0;
  let cryptogram: Uint8Array | undefined;
  const first = data[0];
  if (first === DO_CRYPTOGRAM_PADDED || first === DO_CRYPTOGRAM) {
    const value = valueAt(data, 0);
    const indicator = first === DO_CRYPTOGRAM_PADDED ? 1 : 0;
    if (indicator === 1 && data[value.start] !== PADDING_INDICATOR) throw malformed();
    cryptogram = data.subarray(value.start + indicator, value.end);
    offset = value.end;
  }
  if (data[offset] !== DO_STATUS || data[offset + 1] !== 2 || data.length < offset + 4) {
    throw malformed();
  }
  const authenticSw = data[offset + 2] * 256 + data[offset + 3];
  offset += 4;
  if (offset === data.length) throw plain(authenticSw);
  if (data[offset] !== DO_MAC || data[offset + 1] !== 8 || data.length !== offset + 10) {
    throw malformed();
  }
  return { cryptogram, sw: authenticSw, authenticated: offset, mac: offset + 2 };
}
