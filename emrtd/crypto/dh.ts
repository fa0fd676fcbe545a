/**
 * Diffie-Hellman over prime fields (9303-11 9.6, PKCS #3, RFC 2631; checks of public values as RFC 2631
 * 2.1.5). Native Diffie-Hellman is not used: it tests the prime anew for every object, half a second for
 * 2048 bits.
 */
import { EmrtdError } from '../errors.ts';
import type { Random } from '../types.ts';
import { bigIntToBytes, bitLength } from './bytes.ts';
import { NAMED_GROUPS } from './dh-groups.ts';
import { randomScalar } from './ec.ts';
import { isPrime, modPow } from './prime.ts';

/** The sizes of 9303-11 9.5.1; to prove longer primes that a chip names would keep the terminal busy. */
const MIN_BITS = 1024;
const MAX_BITS = 2048;
const MIN_SUBGROUP_BITS = 160;
const MAX_SUBGROUP_BITS = 256;

/** Multiplicative group of integers modulo p, or its subgroup of order q. */
export interface DhGroup {
  readonly name: string;
  readonly p: bigint;
  readonly g: bigint;
  /** Order of g, when known; PKCS #3 parameters do not carry it. */
  readonly q?: bigint;
  /** Bytes of an element. */
  readonly length: number;
}

/** A private exponent x and the public value g^x. */
export interface DhKeyPair {
  readonly privateKey: bigint;
  readonly publicKey: bigint;
}

function refuse(what: string): EmrtdError {
  return new EmrtdError('CRYPTO_DOMAIN', `Diffie-Hellman parameters: ${what}`);
}

const checked = new Map<string, DhGroup>();
const MAX_CHECKED = 64;

/**
 * Group of explicit parameters: the one of RFC 5114 when equal, else checked (p prime and of 1024 to
 * 2048 bits, q prime and of 160 to 256 bits, dividing p - 1 and the order of g). Throws CRYPTO_DOMAIN.
 */
export function explicitGroup(p: bigint, g: bigint, q?: bigint): DhGroup {
  const named = NAMED_GROUPS.find((group) =>
    group.p === p && group.g === g && (q === undefined || group.q === q)
  );
  if (named !== undefined) return named;
  const bits = bitLength(p);
  if (p < 0n || bits < MIN_BITS || bits > MAX_BITS) throw refuse(`prime of ${bits} bits`);
  const key = `${p.toString(36)} ${g.toString(36)} ${q?.toString(36) ?? ''}`;
  const known = checked.get(key);
  if (known !== undefined) return known;
  if (g <= 1n || g >= p - 1n) throw refuse('generator is out of range');
  if (q !== undefined) checkOrder(p, g, q);
  if (!isPrime(p)) throw refuse('modulus is not prime');
  const group: DhGroup = Object.freeze({
    name: `explicit ${bits}`,
    p,
    g,
    ...(q === undefined ? {} : { q }),
    length: Math.ceil(bits / 8),
  });
  if (checked.size >= MAX_CHECKED) checked.delete(checked.keys().next().value as string);
  checked.set(key, group);
  return group;
}

function checkOrder(p: bigint, g: bigint, q: bigint): void {
  const bits = bitLength(q);
  if (q < 0n || bits < MIN_SUBGROUP_BITS || bits > MAX_SUBGROUP_BITS) {
    throw refuse(`order of ${bits} bits`);
  }
  if ((p - 1n) % q !== 0n) throw refuse('order does not divide p - 1');
  if (!isPrime(q)) throw refuse('order is not prime');
  if (modPow(g, q, p) !== 1n) throw refuse('generator has another order');
}

/** The same public value, if 1 < value < p - 1 and it is in the subgroup. Throws CRYPTO_KEY otherwise. */
export function checkPublicValue(group: DhGroup, value: bigint): bigint {
  if (value <= 1n || value >= group.p - 1n) {
    throw new EmrtdError('CRYPTO_KEY', 'Diffie-Hellman public value is out of range');
  }
  if (group.q !== undefined && modPow(value, group.q, group.p) !== 1n) {
    throw new EmrtdError('CRYPTO_KEY', 'Diffie-Hellman public value is not in the subgroup');
  }
  return value;
}

/** base^exponent mod p. */
export function dhPower(base: bigint, exponent: bigint, group: DhGroup): bigint {
  return modPow(base, exponent, group.p);
}

/** base * factor mod p. */
export function dhMultiply(base: bigint, factor: bigint, group: DhGroup): bigint {
  return (base * factor) % group.p;
}

/**
 * Shared secret as bytes of the length of p. Throws CRYPTO_KEY for a public value that is refused,
 * and for a result of 1 or p - 1.
 */
export function dhSharedSecret(group: DhGroup, privateKey: bigint, value: bigint): Uint8Array {
  const secret = dhPower(checkPublicValue(group, value), privateKey, group);
  if (secret <= 1n || secret === group.p - 1n) {
    throw new EmrtdError('CRYPTO_KEY', 'Diffie-Hellman shared secret is trivial');
  }
  return bigIntToBytes(secret, group.length);
}

/**
 * A fresh key pair; `base` replaces g, as PACE mapping does. The exponent is below q, or below
 * (p - 1) / 2 when q is not known.
 */
export function generateDhKeyPair(
  group: DhGroup,
  random: Random,
  base: bigint = group.g,
): DhKeyPair {
  const privateKey = randomScalar(group.q ?? (group.p - 1n) / 2n, random);
  return { privateKey, publicKey: dhPower(base, privateKey, group) };
}
