/** The two encodings of an ECDSA signature: DER (RFC 3279 2.2.3) and plain r‖s (TR-03111 5.2.1). */
import { der, fields, integer, parseTlv } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { bigIntToBytes, bytesToBigInt, concat } from './bytes.ts';
import type { Curve } from './named-curves.ts';

export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

function refuse(curve: Curve, what: string): EmrtdError {
  return new EmrtdError('CRYPTO_SIGNATURE_FORMAT', `ECDSA signature on ${curve.name}: ${what}`);
}

function inRange(curve: Curve, r: bigint, s: bigint): EcdsaSignature {
  if (r < 1n || s < 1n || r >= curve.n || s >= curve.n) throw refuse(curve, 'r or s out of range');
  return { r, s };
}

/** Strict DER: nothing left over, shortest forms, 0 < r, s < n. Throws CRYPTO_SIGNATURE_FORMAT. */
export function parseEcdsaDer(curve: Curve, signature: Uint8Array): EcdsaSignature {
  let r: bigint, s: bigint;
  try {
    const list = fields(parseTlv(signature, { maxDepth: 2, maxNodes: 3 }), 'signature');
    r = integer(list.required('r'));
    s = integer(list.required('s'));
    list.end();
  } catch {
    throw refuse(curve, 'not the DER of two integers');
  }
  return inRange(curve, r, s);
}

/** r and s one after the other, each as long as n. Throws CRYPTO_SIGNATURE_FORMAT. */
export function parseEcdsaPlain(curve: Curve, signature: Uint8Array): EcdsaSignature {
  const length = curve.orderLength;
  if (signature.length !== 2 * length) throw refuse(curve, `${signature.length} bytes`);
  return inRange(
    curve,
    bytesToBigInt(signature.subarray(0, length)),
    bytesToBigInt(signature.subarray(length)),
  );
}

export function encodeEcdsaDer({ r, s }: EcdsaSignature): Uint8Array {
  return der.sequence(der.integer(r), der.integer(s));
}

export function encodeEcdsaPlain(curve: Curve, { r, s }: EcdsaSignature): Uint8Array {
  return concat(bigIntToBytes(r, curve.orderLength), bigIntToBytes(s, curve.orderLength));
}
