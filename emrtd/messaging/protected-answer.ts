/**
 * The data objects of a protected answer (9303-11 9.8.4, ISO/IEC 7816-4 10.2): DO87 or DO85, DO99, DO8E.
 * Anything that is not authenticated is told apart here, before a key is used.
 */
import { readTlvs, type Tlv } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { ResponseApdu } from '../iso7816/mod.ts';
import { statusName } from '../iso7816/mod.ts';

export interface ProtectedAnswer {
  /** What DO87 (without its padding indicator) or DO85 holds. */
  cryptogram: Uint8Array | undefined;
  /** Status word of DO99, the authenticated one. */
  sw: number;
  /** All bytes before DO8E. */
  authenticated: Uint8Array;
  mac: Uint8Array;
}

const DO_CRYPTOGRAM_PADDED = 0x87;
const DO_CRYPTOGRAM = 0x85;
const DO_STATUS = 0x99;
const DO_MAC = 0x8e;
const MAX_OBJECTS = 4;

function plain(sw: number): EmrtdError {
  const message = `secure messaging: unprotected answer ${statusName(sw)}`;
  return new EmrtdError('SM_PLAIN', message, { statusWord: sw });
}

function malformed(): EmrtdError {
  return new EmrtdError('SM_FAILED', 'secure messaging: data objects are not as they should be');
}

function cryptogramOf(object: Tlv): Uint8Array {
  if (object.tag === DO_CRYPTOGRAM) return object.value;
  if (object.tag !== DO_CRYPTOGRAM_PADDED || object.value[0] !== 0x01) throw malformed();
  return object.value.subarray(1);
}

/**
 * Takes an answer apart. Throws SM_PLAIN when nothing of it is protected (no data objects, or DO99 without
 * DO8E), SM_FAILED when the objects are others than DO87/DO85, DO99, DO8E in this order.
 */
export function readProtectedAnswer({ data, sw }: ResponseApdu): ProtectedAnswer {
  if (data.length === 0) throw plain(sw);
  const objects = readTlvs(data, { name: 'protected answer', ber: true, maxNodes: MAX_OBJECTS });
  const last = objects[objects.length - 1];
  const status = objects.find((object) => object.tag === DO_STATUS);
  if (status === undefined || status.value.length !== 2) throw malformed();
  const authenticSw = status.value[0] * 256 + status.value[1];
  if (last === status) throw plain(authenticSw);
  if (last.tag !== DO_MAC || last.value.length !== 8) throw malformed();
  const before = objects.slice(0, -1);
  if (before[before.length - 1] !== status || before.length > 2) throw malformed();
  return {
    cryptogram: before.length === 2 ? cryptogramOf(before[0]) : undefined,
    sw: authenticSw,
    authenticated: data.subarray(0, last.start),
    mac: last.value,
  };
}
