/** Points of elliptic curves and their encodings (SEC 1 2.3.3 and 2.3.4, TR-03111 3.2); no infinity. */
import { EmrtdError } from '../errors.ts';
import { bigIntToBytes, bytesToBigInt } from './bytes.ts';
import type { Curve } from './named-curves.ts';
import { weierstrassPoint } from './weierstrass.ts';

/** Affine coordinates of a point that is not infinity. */
export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** Whether coordinates are in range and on the curve. With cofactor 1 that puts them in the group. */
export function isOnCurve(curve: Curve, point: Point): boolean {
  const { p, a, b } = curve;
  const { x, y } = point;
  if (x < 0n || y < 0n || x >= p || y >= p) return false;
  return (y * y - (x * x + a) * x - b) % p === 0n;
}

/** The same point, if it is on the curve. Throws CRYPTO_KEY otherwise. */
export function checkPoint(curve: Curve, point: Point): Point {
  if (!isOnCurve(curve, point)) {
    throw new EmrtdError('CRYPTO_KEY', `point is not on curve ${curve.name}`);
  }
  return point;
}

/**
 * Point of an encoding, uncompressed (04 x y) or compressed (02 or 03, x), checked to be on the curve.
 * Throws CRYPTO_KEY for infinity, wrong lengths, other forms and points off the curve.
 */
export function decodePoint(curve: Curve, bytes: Uint8Array): Point {
  const { fieldLength } = curve;
  if (bytes[0] === 0x04 && bytes.length === 1 + 2 * fieldLength) {
    return checkPoint(curve, {
      x: bytesToBigInt(bytes.subarray(1, 1 + fieldLength)),
      y: bytesToBigInt(bytes.subarray(1 + fieldLength)),
    });
  }
  if ((bytes[0] === 0x02 || bytes[0] === 0x03) && bytes.length === 1 + fieldLength) {
    try {
      const { x, y } = weierstrassPoint(curve).fromBytes(bytes).toAffine();
      return checkPoint(curve, { x, y });
    } catch {
      throw new EmrtdError('CRYPTO_KEY', `point is not on curve ${curve.name}`);
    }
  }
  throw new EmrtdError(
    'CRYPTO_KEY',
    `encoding of a point on ${curve.name} has a wrong form or length (${bytes.length} bytes)`,
  );
}

/** Encoding of a point, uncompressed by default. */
export function encodePoint(
  curve: Curve,
  point: Point,
  form: 'uncompressed' | 'compressed' = 'uncompressed',
): Uint8Array {
  const x = bigIntToBytes(point.x, curve.fieldLength);
  const bytes = new Uint8Array(1 + (form === 'compressed' ? 1 : 2) * curve.fieldLength);
  bytes.set(x, 1);
  if (form === 'compressed') {
    bytes[0] = 2 + Number(point.y & 1n);
  } else {
    bytes[0] = 4;
    bytes.set(bigIntToBytes(point.y, curve.fieldLength), 1 + curve.fieldLength);
  }
  return bytes;
}
