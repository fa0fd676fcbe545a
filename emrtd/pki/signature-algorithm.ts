/**
 * Signature algorithms by AlgorithmIdentifier (RFC 3279, RFC 4055, RFC 5480, RFC 5758; BSI TR-03111
 * 5.2.1 for plain ECDSA). Some issuers name only the key algorithm in CMS; the digest algorithm beside
 * it then gives the hash (RFC 3370 3.2, RFC 5652 5.3).
 */
import { fields, oid, TAG, type Tlv } from '../asn1/mod.ts';
import { hashByOid, type HashName, parsePssParameters, type PssParameters } from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';

export interface AlgorithmIdentifier {
  oid: string;
  parameters: Tlv | undefined;
}

/** How to verify a signature. */
export type SignatureScheme =
  | { kind: 'rsa-pkcs1'; hash: HashName }
  | ({ kind: 'rsa-pss' } & PssParameters)
  | { kind: 'ecdsa' | 'ecdsa-plain'; hash: HashName };

/** Algorithms whose identifier says everything (RFC 4055 5, RFC 5758 3.2, TR-03111 5.2.1). */
const COMPLETE: Record<string, SignatureScheme> = {
  '1.2.840.113549.1.1.5': { kind: 'rsa-pkcs1', hash: 'SHA-1' },
  '1.2.840.113549.1.1.11': { kind: 'rsa-pkcs1', hash: 'SHA-256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa-pkcs1', hash: 'SHA-384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa-pkcs1', hash: 'SHA-512' },
  '1.2.840.113549.1.1.14': { kind: 'rsa-pkcs1', hash: 'SHA-224' },
  '1.2.840.10045.4.1': { kind: 'ecdsa', hash: 'SHA-1' },
  '1.2.840.10045.4.3.1': { kind: 'ecdsa', hash: 'SHA-224' },
  '1.2.840.10045.4.3.2': { kind: 'ecdsa', hash: 'SHA-256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', hash: 'SHA-384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', hash: 'SHA-512' },
  '0.4.0.127.0.7.1.1.4.1.1': { kind: 'ecdsa-plain', hash: 'SHA-1' },
  '0.4.0.127.0.7.1.1.4.1.2': { kind: 'ecdsa-plain', hash: 'SHA-224' },
  '0.4.0.127.0.7.1.1.4.1.3': { kind: 'ecdsa-plain', hash: 'SHA-256' },
  '0.4.0.127.0.7.1.1.4.1.4': { kind: 'ecdsa-plain', hash: 'SHA-384' },
  '0.4.0.127.0.7.1.1.4.1.5': { kind: 'ecdsa-plain', hash: 'SHA-512' },
};
const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const RSASSA_PSS = '1.2.840.113549.1.1.10';
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const ECDSA_SPECIFIED = '1.2.840.10045.4.3';

/** Reads an AlgorithmIdentifier. */
export function parseAlgorithm(element: Tlv): AlgorithmIdentifier {
  const cursor = fields(element, 'AlgorithmIdentifier');
  const identifier = oid(cursor.required('algorithm'));
  const parameters = cursor.optional();
  cursor.end();
  return { oid: identifier, parameters };
}

/**
 * The scheme that an identifier names. `digest` is the hash to use where it names only a key type.
 * Throws CRYPTO_UNSUPPORTED, or ASN1_* for malformed parameters.
 */
export function signatureScheme(
  algorithm: AlgorithmIdentifier,
  digest?: AlgorithmIdentifier,
): SignatureScheme {
  const complete = COMPLETE[algorithm.oid];
  if (complete !== undefined) return complete;
  switch (algorithm.oid) {
    case RSASSA_PSS:
      return { kind: 'rsa-pss', ...pssParameters(algorithm) };
    case ECDSA_SPECIFIED:
      if (algorithm.parameters === undefined) break;
      return { kind: 'ecdsa', hash: hashOf(parseAlgorithm(algorithm.parameters)) };
    case RSA_ENCRYPTION:
      if (digest === undefined) break;
      return { kind: 'rsa-pkcs1', hash: hashOf(digest) };
    case EC_PUBLIC_KEY:
      if (digest === undefined) break;
      return { kind: 'ecdsa', hash: hashOf(digest) };
  }
  throw new EmrtdError('CRYPTO_UNSUPPORTED', `signature algorithm ${algorithm.oid}`);
}

/** The hash function of an identifier; one that names a whole signature algorithm counts as its hash. */
export function hashOf(algorithm: AlgorithmIdentifier): HashName {
  return COMPLETE[algorithm.oid]?.hash ?? hashByOid(algorithm.oid);
}

/** Absent parameters mean the defaults (RFC 4055 3.1). */
function pssParameters(algorithm: AlgorithmIdentifier): PssParameters {
  const { parameters } = algorithm;
  return parameters === undefined || parameters.tag === TAG.null
    ? { hash: 'SHA-1', mgfHash: 'SHA-1', saltLength: 20 }
    : parsePssParameters(parameters);
}

/** Readable form: `RSASSA-PSS SHA-256 (MGF1 SHA-256, salt 32)`, `ECDSA SHA-384`. */
export function schemeName(scheme: SignatureScheme): string {
  switch (scheme.kind) {
    case 'rsa-pkcs1':
      return `RSA PKCS#1 v1.5 ${scheme.hash}`;
    case 'rsa-pss':
      return `RSASSA-PSS ${scheme.hash} (MGF1 ${scheme.mgfHash}, salt ${scheme.saltLength})`;
    case 'ecdsa':
      return `ECDSA ${scheme.hash}`;
    case 'ecdsa-plain':
      return `ECDSA ${scheme.hash} (plain)`;
  }
}
