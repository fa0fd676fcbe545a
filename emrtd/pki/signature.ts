/**
 * Verification of one signature with a certificate's key (RFC 5280 6.1.3 (a)(1), RFC 5652 5.6): over
 * certificates, CRLs and CMS messages alike.
 */
import {
  ecdsaVerify,
  parseEcdsaDer,
  parseEcdsaPlain,
  type PublicKey,
  rsaVerifyPkcs1,
  rsaVerifyPss,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import {
  type AlgorithmIdentifier,
  schemeName,
  type SignatureScheme,
  signatureScheme,
} from './signature-algorithm.ts';

/** A signed object with its algorithm stated inside and outside: a certificate or a CRL. */
interface Signed {
  tbs: Uint8Array;
  signatureAlgorithm: AlgorithmIdentifier;
  algorithmsAgree: boolean;
  signature: Uint8Array;
}

/** True when `issuer`'s key made the signature of a certificate or CRL. Names are not compared. */
export function verifyCertificateSignature(object: Signed, issuer: Certificate): boolean {
  return signatureProblem(object, issuer) === undefined;
}

/** Why the signature of a certificate or CRL does not verify; undefined when it does. */
export function signatureProblem(object: Signed, issuer: Certificate): string | undefined {
  if (!object.algorithmsAgree) return 'two signature algorithms are named';
  return bytesProblem(object.tbs, object, issuer);
}

/**
 * Why a signature over `bytes` does not verify with the certificate's key; undefined when it does.
 * The digest algorithm gives the hash where the signature algorithm names only a key type.
 */
export function bytesProblem(
  bytes: Uint8Array,
  signature: {
    signatureAlgorithm: AlgorithmIdentifier;
    digestAlgorithm?: AlgorithmIdentifier;
    signature: Uint8Array;
  },
  signer: Certificate,
): string | undefined {
  try {
    const scheme = signatureScheme(signature.signatureAlgorithm, signature.digestAlgorithm);
    return verify(signer.publicKey, scheme, bytes, signature.signature)
      ? undefined
      : `the ${schemeName(scheme)} signature does not verify`;
  } catch (error) {
    if (error instanceof EmrtdError) return error.message;
    throw error;
  }
}

function verify(
  key: PublicKey,
  scheme: SignatureScheme,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  switch (scheme.kind) {
    case 'rsa-pkcs1':
      if (key.kind !== 'rsa' || key.pss !== undefined) break;
      return rsaVerifyPkcs1(key.key, scheme.hash, message, signature);
    case 'rsa-pss':
      if (key.kind !== 'rsa' || !allowed(key.pss?.parameters, scheme)) break;
      return rsaVerifyPss(key.key, scheme, message, signature);
    case 'ecdsa':
    case 'ecdsa-plain': {
      if (key.kind !== 'ec') break;
      const parse = scheme.kind === 'ecdsa' ? parseEcdsaDer : parseEcdsaPlain;
      const { curve, point } = key;
      return ecdsaVerify(curve, point, scheme.hash, message, parse(curve, signature));
    }
  }
  throw new EmrtdError('CRYPTO_KEY', `the key of the signer is not for ${schemeName(scheme)}`);
}

/** A key bound to parameters signs with no others, but with a longer salt (RFC 4055 3.3). */
function allowed(
  bound: { hash: string; mgfHash: string; saltLength: number } | undefined,
  used: { hash: string; mgfHash: string; saltLength: number },
): boolean {
  return bound === undefined ||
    (bound.hash === used.hash && bound.mgfHash === used.mgfHash &&
      used.saltLength >= bound.saltLength);
}
