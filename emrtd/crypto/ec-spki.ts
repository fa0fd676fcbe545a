/** SubjectPublicKeyInfo of elliptic curve keys (RFC 5480 2), written. */
import { der } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { bigIntToBytes } from './bytes.ts';
import type { Curve } from './named-curves.ts';
import { encodePoint, type Point } from './point.ts';
import { generator } from './ec.ts';

/** id-ecPublicKey. */
export const EC_PUBLIC_KEY = '1.2.840.10045.2.1';

/** ECParameters of a curve, explicit: version 1, no seed, cofactor 1. */
export function encodeEcParameters(curve: Curve): Uint8Array {
  const { p, a, b, n, fieldLength } = curve;
  return der.sequence(
    der.integer(1),
    der.sequence(der.oid('1.2.840.10045.1.1'), der.integer(p)),
    der.sequence(
      der.octetString(bigIntToBytes(a, fieldLength)),
      der.octetString(bigIntToBytes(b, fieldLength)),
    ),
    der.octetString(encodePoint(curve, generator(curve))),
    der.integer(n),
    der.integer(1),
  );
}

/** Algorithm identifier and point; `explicit` writes the parameters out, as most CSCAs do. */
export function encodeEcSpki(
  curve: Curve,
  point: Point,
  parameters: 'named' | 'explicit',
): Uint8Array {
  if (parameters === 'named' && curve.oid === undefined) {
    throw new EmrtdError('CRYPTO_UNSUPPORTED', 'curve has no name to write');
  }
  return der.sequence(
    der.sequence(
      der.oid(EC_PUBLIC_KEY),
      parameters === 'named' ? der.oid(curve.oid as string) : encodeEcParameters(curve),
    ),
    der.bitString(encodePoint(curve, point)),
  );
}

/** Key of a named curve as the runtime imports it. */
export function nativeSpki(curve: Curve, point: Point): Uint8Array {
  return encodeEcSpki(curve, point, 'named');
}
