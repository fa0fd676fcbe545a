/** ECDSA (FIPS 186-4, TR-03111 4.2.1): the runtime's own code for NIST curves, @noble/curves for others. */
import { createPublicKey, verify } from 'node:crypto';
import { type ECDSA, ecdsa } from '@noble/curves/abstract/weierstrass.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { EmrtdError } from '../errors.ts';
import { bigIntToBytes } from './bytes.ts';
import { type EcdsaSignature, encodeEcdsaPlain } from './ecdsa-signature.ts';
import { digest, type HashName, nativeHash } from './hash.ts';
import type { Curve } from './named-curves.ts';
import { nativeCurve } from './native-curve.ts';
import { checkPoint, encodePoint, type Point } from './point.ts';
import { nativeSpki } from './ec-spki.ts';
import { weierstrassPoint } from './weierstrass.ts';

const HASHES = {
  'SHA-1': sha1,
  'SHA-224': sha224,
  'SHA-256': sha256,
  'SHA-384': sha384,
  'SHA-512': sha512,
} as const;

const made = new WeakMap<Curve, Map<HashName, ECDSA>>();

function nobleEcdsa(curve: Curve, hash: HashName): ECDSA {
  let byHash = made.get(curve);
  if (byHash === undefined) made.set(curve, byHash = new Map());
  let scheme = byHash.get(hash);
  if (scheme === undefined) {
    byHash.set(hash, scheme = ecdsa(weierstrassPoint(curve), HASHES[hash], { lowS: false }));
  }
  return scheme;
}

/**
 * Whether r and s sign the message. A digest longer than n is cut to its leftmost bits. Throws
 * CRYPTO_KEY when the point is not on the curve; r or s out of range is `false`.
 */
export function ecdsaVerify(
  curve: Curve,
  point: Point,
  hash: HashName,
  message: Uint8Array,
  signature: EcdsaSignature,
): boolean {
  const { r, s } = signature;
  checkPoint(curve, point);
  if (r < 1n || s < 1n || r >= curve.n || s >= curve.n) return false;
  const plain = encodeEcdsaPlain(curve, signature);
  if (nativeCurve(curve) !== undefined) {
    const key = createPublicKey({ key: nativeSpki(curve, point), format: 'der', type: 'spki' });
    return verify(nativeHash(hash), message, { key, dsaEncoding: 'ieee-p1363' }, plain);
  }
  return nobleEcdsa(curve, hash).verify(
    plain,
    digest(hash, message),
    encodePoint(curve, point),
    { prehash: false, lowS: false },
  );
}

/** Signs with the deterministic nonce of RFC 6979. Throws CRYPTO_KEY unless 0 < privateKey < n. */
export function ecdsaSign(
  curve: Curve,
  privateKey: bigint,
  hash: HashName,
  message: Uint8Array,
): EcdsaSignature {
  if (privateKey < 1n || privateKey >= curve.n) {
    throw new EmrtdError('CRYPTO_KEY', `private key is out of range for curve ${curve.name}`);
  }
  const scheme = nobleEcdsa(curve, hash);
  const plain = scheme.sign(
    digest(hash, message),
    bigIntToBytes(privateKey, curve.orderLength),
    { prehash: false, lowS: false },
  );
  const { r, s } = scheme.Signature.fromBytes(plain, 'compact');
  return { r, s };
}
