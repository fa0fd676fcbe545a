/** Elliptic curve operations of PACE and Chip Authentication (TR-03111 4.3, 9303-11 9.6). */
import { EmrtdError } from '../errors.ts';
import type { Random } from '../types.ts';
import { bigIntToBytes, bitLength, bytesToBigInt } from './bytes.ts';
import type { Curve } from './named-curves.ts';
import {
  nativeCurve,
  nativeMultiply,
  nativeMultiplyBase,
  nativeMultiplyX,
  recoversFaster,
} from './native-curve.ts';
import { checkPoint, type Point } from './point.ts';
import { modInverse } from './prime.ts';
import { weierstrassPoint } from './weierstrass.ts';

/** Tries before random bytes are called broken; each fails with a chance below one half. */
const MAX_TRIES = 128;

/** A private key d and its public point d * G. */
export interface EcKeyPair {
  readonly privateKey: bigint;
  readonly publicKey: Point;
}

/** The generator of a curve. */
export function generator(curve: Curve): Point {
  return { x: curve.gx, y: curve.gy };
}

function checkScalar(curve: Curve, k: bigint): void {
  if (k < 1n || k >= curve.n) {
    throw new EmrtdError('CRYPTO_KEY', `scalar is out of range for curve ${curve.name}`);
  }
}

/** k * point, in constant time. Throws CRYPTO_KEY unless 0 < k < n and the point is on the curve. */
export function multiply(curve: Curve, k: bigint, point: Point): Point {
  checkScalar(curve, k);
  const native = nativeCurve(curve);
  const isBase = point.x === curve.gx && point.y === curve.gy;
  if (native !== undefined && isBase) return nativeMultiplyBase(native, curve, k);
  if (native !== undefined && recoversFaster(curve)) {
    return nativeMultiply(native, curve, k, checkPoint(curve, point));
  }
  const points = weierstrassPoint(curve);
  const base = isBase ? points.BASE : points.fromAffine(checkPoint(curve, point));
  const { x, y } = base.multiply(k).toAffine();
  return { x, y };
}

/** Sum of two points. Throws CRYPTO_KEY when one is off the curve or the sum is infinity. */
export function add(curve: Curve, first: Point, second: Point): Point {
  checkPoint(curve, first);
  checkPoint(curve, second);
  const { p, a } = curve;
  let slope: bigint;
  if (first.x === second.x) {
    if (first.y !== second.y || first.y === 0n) {
      throw new EmrtdError('CRYPTO_KEY', `sum of points on ${curve.name} is infinity`);
    }
    slope = (3n * first.x * first.x + a) * modInverse(2n * first.y, p);
  } else {
    slope = (second.y - first.y) * modInverse(second.x - first.x, p);
  }
  slope %= p;
  const x = (((slope * slope - first.x - second.x) % p) + p) % p;
  const y = (((slope * (first.x - x) - first.y) % p) + p) % p;
  return { x, y };
}

/**
 * Shared secret of ECDH: x coordinate of privateKey * point, as bytes of field length.
 * Throws CRYPTO_KEY when the key is out of range or the point is not on the curve.
 */
export function ecdh(curve: Curve, privateKey: bigint, point: Point): Uint8Array {
  checkScalar(curve, privateKey);
  checkPoint(curve, point);
  const native = nativeCurve(curve);
  if (native !== undefined) return nativeMultiplyX(native, curve, privateKey, point);
  return bigIntToBytes(multiply(curve, privateKey, point).x, curve.fieldLength);
}

/**
 * A random scalar from 1 to n - 1: `random(orderLength)` with the bits above n cleared, drawn again
 * when out of range. Throws CRYPTO_INPUT when the source of randomness is broken.
 */
export function randomScalar(n: bigint, random: Random): bigint {
  const bits = bitLength(n);
  const length = Math.ceil(bits / 8);
  for (let i = 0; i < MAX_TRIES; i++) {
    const value = BigInt.asUintN(bits, bytesToBigInt(random(length)));
    if (value > 0n && value < n) return value;
  }
  throw new EmrtdError('CRYPTO_INPUT', 'source of randomness gives no usable number');
}

/** A fresh key pair; `base` replaces the generator, as PACE mapping does. */
export function generateKeyPair(
  curve: Curve,
  random: Random,
  base: Point = generator(curve),
): EcKeyPair {
  const privateKey = randomScalar(curve.n, random);
  return { privateKey, publicKey: multiply(curve, privateKey, base) };
}
