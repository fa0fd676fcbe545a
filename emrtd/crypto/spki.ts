/**
 * SubjectPublicKeyInfo (RFC 5280 4.1.2.7, RFC 3279 2.3, RFC 4055, RFC 5480): algorithm and parameters
 * are checked and decide how the key is read. Also the form of keys in DG14 and DG15 (9303-11 9.3).
 */
import {
  bitStringBytes,
  der,
  expectTag,
  type Fields,
  fields,
  nul,
  oid,
  parseTlv,
  TAG,
  type Tlv,
  unsigned,
} from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { checkPublicValue, type DhGroup, explicitGroup } from './dh.ts';
import { EC_PUBLIC_KEY, encodeEcSpki } from './ec-spki.ts';
import { parseEcParameters } from './explicit-curve.ts';
import { type Curve, curveByOid } from './named-curves.ts';
import { decodePoint, type Point } from './point.ts';
import { encodePssParameters, parsePssParameters } from './pss-parameters.ts';
import { checkRsaKey, type RsaPublicKey } from './rsa-key.ts';
import type { PssParameters } from './rsa-pss.ts';

/** rsaEncryption. */
export const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
/** id-RSASSA-PSS. */
export const RSASSA_PSS = '1.2.840.113549.1.1.10';
/** X9.42, with q. */
export const DH_PUBLIC_NUMBER = '1.2.840.10046.2.1';
/** PKCS #3, without q. */
export const DH_KEY_AGREEMENT = '1.2.840.113549.1.3.1';

/** A checked public key. */
export type PublicKey =
  | {
    readonly kind: 'rsa';
    readonly key: RsaPublicKey;
    /** A key for RSASSA-PSS only; `parameters` binds it to these when present (RFC 4055 3.3). */
    readonly pss?: { readonly parameters?: PssParameters };
  }
  | {
    readonly kind: 'ec';
    readonly curve: Curve;
    readonly point: Point;
    /** Whether the parameters were written out. */
    readonly parameters: 'named' | 'explicit';
  }
  | { readonly kind: 'dh'; readonly group: DhGroup; readonly value: bigint };

function rsaKey(bits: Uint8Array, name: string): RsaPublicKey {
  const list = fields(parseTlv(bits, { name }), 'RSAPublicKey');
  const n = unsigned(list.required('modulus'));
  const e = unsigned(list.required('publicExponent'));
  list.end();
  return checkRsaKey({ n, e });
}

function rsassaPss(algorithm: Fields): { parameters?: PssParameters } {
  const parameters = algorithm.optional();
  return parameters === undefined ? {} : { parameters: parsePssParameters(parameters) };
}

/** Curve of the parameters of id-ecPublicKey. */
export function ecCurve(parameters: Tlv): { curve: Curve; parameters: 'named' | 'explicit' } {
  if (parameters.tag === TAG.oid) {
    return { curve: curveByOid(oid(parameters)), parameters: 'named' };
  }
  return { curve: parseEcParameters(parameters), parameters: 'explicit' };
}

/** Group of the parameters of one of the two Diffie-Hellman algorithms. */
export function dhGroup(parameters: Tlv, algorithm: string): DhGroup {
  const withOrder = algorithm === DH_PUBLIC_NUMBER;
  const list = fields(parameters, 'Diffie-Hellman parameters');
  const p = unsigned(list.required('p'));
  const g = unsigned(list.required('g'));
  const q = withOrder ? unsigned(list.required('q')) : undefined;
  // X9.42: the cofactor j and validation data; PKCS #3: the length of private values.
  list.optional(TAG.integer);
  if (withOrder) list.optional(TAG.sequence);
  list.end();
  return explicitGroup(p, g, q);
}

/**
 * Key of a SubjectPublicKeyInfo element. Throws CRYPTO_UNSUPPORTED (algorithm or curve), CRYPTO_DOMAIN,
 * CRYPTO_KEY and the ASN.1 codes.
 */
export function publicKeyOf(element: Tlv): PublicKey {
  const list = fields(element, 'SubjectPublicKeyInfo');
  const algorithm = fields(list.required('algorithm'), 'AlgorithmIdentifier');
  const bits = bitStringBytes(list.required('subjectPublicKey'));
  list.end();
  const name = `${element.source}: subjectPublicKey`;
  const id = oid(algorithm.required('algorithm'));
  let key: PublicKey;
  switch (id) {
    case RSA_ENCRYPTION: {
      const parameters = algorithm.optional();
      if (parameters !== undefined) nul(parameters);
      key = { kind: 'rsa', key: rsaKey(bits, name) };
      break;
    }
    case RSASSA_PSS:
      key = { kind: 'rsa', pss: rsassaPss(algorithm), key: rsaKey(bits, name) };
      break;
    case EC_PUBLIC_KEY: {
      const { curve, parameters } = ecCurve(algorithm.required('parameters'));
      key = { kind: 'ec', curve, point: decodePoint(curve, bits), parameters };
      break;
    }
    case DH_PUBLIC_NUMBER:
    case DH_KEY_AGREEMENT: {
      const group = dhGroup(algorithm.required('parameters'), id);
      const value = unsigned(expectTag(parseTlv(bits, { name }), TAG.integer, 'public value'));
      key = { kind: 'dh', group, value: checkPublicValue(group, value) };
      break;
    }
    default:
      throw new EmrtdError('CRYPTO_UNSUPPORTED', `${element.source}: public key algorithm ${id}`);
  }
  algorithm.end();
  return key;
}

/** Key of a DER SubjectPublicKeyInfo; see `publicKeyOf`. `name` is for messages. */
export function parseSpki(bytes: Uint8Array, name = 'public key'): PublicKey {
  return publicKeyOf(parseTlv(bytes, { name }));
}

/** DER SubjectPublicKeyInfo of a key. */
export function encodeSpki(key: PublicKey): Uint8Array {
  switch (key.kind) {
    case 'rsa': {
      const algorithm = key.pss === undefined
        ? der.sequence(der.oid(RSA_ENCRYPTION), der.nul())
        : der.sequence(
          der.oid(RSASSA_PSS),
          ...(key.pss.parameters === undefined ? [] : [encodePssParameters(key.pss.parameters)]),
        );
      const { n, e } = key.key;
      return der.sequence(
        algorithm,
        der.bitString(der.sequence(der.integer(n), der.integer(e))),
      );
    }
    case 'ec':
      return encodeEcSpki(key.curve, key.point, key.parameters);
    case 'dh': {
      const { p, g, q } = key.group;
      const algorithm = q === undefined
        ? der.sequence(der.oid(DH_KEY_AGREEMENT), der.sequence(der.integer(p), der.integer(g)))
        : der.sequence(
          der.oid(DH_PUBLIC_NUMBER),
          der.sequence(der.integer(p), der.integer(g), der.integer(q)),
        );
      return der.sequence(algorithm, der.bitString(der.integer(key.value)));
    }
  }
}
