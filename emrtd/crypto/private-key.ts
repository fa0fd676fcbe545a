/**
 * Private keys from files: PKCS #8 (RFC 5208) and EC keys of SEC 1 C.4 (RFC 5915). Only the software
 * chip, demos and tests have private keys.
 */
import {
  contextTag,
  explicit,
  type Fields,
  fields,
  nul,
  octetString,
  oid,
  parseTlv,
  smallInteger,
  TAG,
  type Tlv,
  unsigned,
} from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { bytesToBigInt } from './bytes.ts';
import { type DhGroup } from './dh.ts';
import { EC_PUBLIC_KEY } from './ec-spki.ts';
import type { Curve } from './named-curves.ts';
import { checkRsaKey, type RsaPrivateKey } from './rsa-key.ts';
import {
  DH_KEY_AGREEMENT,
  DH_PUBLIC_NUMBER,
  dhGroup,
  ecCurve,
  RSA_ENCRYPTION,
  RSASSA_PSS,
} from './spki.ts';

/** A private key whose ranges were checked. */
export type PrivateKey =
  | { readonly kind: 'rsa'; readonly key: RsaPrivateKey }
  | { readonly kind: 'ec'; readonly curve: Curve; readonly privateKey: bigint }
  | { readonly kind: 'dh'; readonly group: DhGroup; readonly privateKey: bigint };

function rsaKey(bytes: Uint8Array, name: string): RsaPrivateKey {
  const list = fields(parseTlv(bytes, { name }), 'RSAPrivateKey');
  if (smallInteger(list.required('version')) !== 0) {
    throw new EmrtdError('CRYPTO_UNSUPPORTED', `${name}: RSA key with more than two primes`);
  }
  const key = {
    n: unsigned(list.required('modulus')),
    e: unsigned(list.required('publicExponent')),
    d: unsigned(list.required('privateExponent')),
    p: unsigned(list.required('prime1')),
    q: unsigned(list.required('prime2')),
    dp: unsigned(list.required('exponent1')),
    dq: unsigned(list.required('exponent2')),
    qi: unsigned(list.required('coefficient')),
  };
  list.end();
  return checkRsaKey(key);
}

function inRange(value: bigint, end: bigint, name: string): bigint {
  if (value < 1n || value >= end) {
    throw new EmrtdError('CRYPTO_KEY', `${name}: private key is out of range`);
  }
  return value;
}

function ecKey(element: Tlv, known?: Curve): PrivateKey {
  const list = fields(element, 'ECPrivateKey');
  if (smallInteger(list.required('version')) !== 1) {
    throw new EmrtdError('CRYPTO_UNSUPPORTED', `${element.source}: version of ECPrivateKey`);
  }
  const value = bytesToBigInt(octetString(list.required('privateKey')));
  const written = list.optional(contextTag(0));
  list.optional(contextTag(1));
  list.end();
  const curve = known ??
    (written === undefined ? undefined : ecCurve(explicit(written, 'parameters')).curve);
  if (curve === undefined) {
    throw new EmrtdError('CRYPTO_KEY', `${element.source}: EC key has no curve`);
  }
  return { kind: 'ec', curve, privateKey: inRange(value, curve.n, element.source) };
}

/** Key of a DER ECPrivateKey that names its curve. Throws the codes of `parsePkcs8`. */
export function parseEcPrivateKey(bytes: Uint8Array, name = 'private key'): PrivateKey {
  return ecKey(parseTlv(bytes, { name }));
}

function keyOf(id: string, algorithm: Fields, bytes: Uint8Array, name: string): PrivateKey {
  switch (id) {
    case RSA_ENCRYPTION:
    case RSASSA_PSS: {
      const parameters = algorithm.optional();
      if (id === RSA_ENCRYPTION && parameters !== undefined) nul(parameters);
      return { kind: 'rsa', key: rsaKey(bytes, name) };
    }
    case EC_PUBLIC_KEY: {
      const { curve } = ecCurve(algorithm.required('parameters'));
      return ecKey(parseTlv(bytes, { name }), curve);
    }
    case DH_PUBLIC_NUMBER:
    case DH_KEY_AGREEMENT: {
      const group = dhGroup(algorithm.required('parameters'), id);
      const value = unsigned(parseTlv(bytes, { name }));
      return { kind: 'dh', group, privateKey: inRange(value, group.q ?? group.p - 1n, name) };
    }
    default:
      throw new EmrtdError('CRYPTO_UNSUPPORTED', `${name}: private key algorithm ${id}`);
  }
}

/**
 * Key of a DER PrivateKeyInfo, not encrypted. Throws CRYPTO_UNSUPPORTED, CRYPTO_KEY, CRYPTO_DOMAIN and
 * the ASN.1 codes.
 */
export function parsePkcs8(bytes: Uint8Array, name = 'private key'): PrivateKey {
  const list = fields(parseTlv(bytes, { name }), 'PrivateKeyInfo');
  const version = smallInteger(list.required('version'));
  if (version > 1) throw new EmrtdError('CRYPTO_UNSUPPORTED', `${name}: PKCS #8 version`);
  const algorithm = fields(list.required('algorithm', TAG.sequence), 'AlgorithmIdentifier');
  const key = octetString(list.required('privateKey'));
  // Attributes, and in version 1 the public key.
  list.optional(contextTag(0));
  list.optional(contextTag(1), contextTag(1, 'primitive'));
  list.end();
  const id = oid(algorithm.required('algorithm'));
  const parsed = keyOf(id, algorithm, key, name);
  algorithm.end();
  return parsed;
}
