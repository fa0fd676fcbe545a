/** Byte strings: joining, comparing without telling where they differ, and numbers (9303-11 4.4.4.1). */
import { timingSafeEqual } from 'node:crypto';
import { EmrtdError } from '../errors.ts';

/** All parts one after another, in a new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Whether two byte strings are equal, in a time that depends on their lengths only. */
export function equalConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Bitwise exclusive or of two byte strings of one length. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length !== b.length) {
    throw new EmrtdError('CRYPTO_INPUT', `xor of ${a.length} and ${b.length} bytes`);
  }
  const result = new Uint8Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i] ^ b[i];
  return result;
}

/** Upper-case hexadecimal, as the standards print it. */
export function toHex(bytes: Uint8Array): string {
  return bytes.toHex().toUpperCase();
}

/** Bytes of a hexadecimal string of either case. Throws CRYPTO_INPUT on anything else. */
export function fromHex(hex: string): Uint8Array {
  try {
    return Uint8Array.fromHex(hex);
  } catch {
    throw new EmrtdError('CRYPTO_INPUT', 'text is not hexadecimal');
  }
}

/** Big-endian unsigned number; 0 for no bytes. */
export function bytesToBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toHex()}`);
}

/** Big-endian bytes of a non-negative number, padded to `length`. Throws CRYPTO_INPUT if it is longer. */
export function bigIntToBytes(value: bigint, length: number): Uint8Array {
  const hex = value.toString(16);
  if (value < 0n || hex.length > 2 * length) {
    throw new EmrtdError('CRYPTO_INPUT', `number does not fit into ${length} bytes`);
  }
  return Uint8Array.fromHex(hex.padStart(2 * length, '0'));
}

/** Number of bits of a non-negative number; 0 for 0. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** A plain view of what node:crypto returned, without the methods of Buffer. */
export function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
