/** RSASSA-PSS-params in algorithm identifiers of keys and signatures (RFC 4055 3.1). */
import {
  contextTag,
  der,
  explicit,
  fields,
  nul,
  oid,
  smallInteger,
  TAG,
  type Tlv,
} from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { hashByOid, type HashName, hashOid } from './hash.ts';
import type { PssParameters } from './rsa-pss.ts';

const MGF1 = '1.2.840.113549.1.1.8';

function hashAlgorithm(element: Tlv): HashName {
  const algorithm = fields(element, 'hash algorithm');
  const hash = hashByOid(oid(algorithm.required('algorithm')));
  const parameters = algorithm.optional(TAG.null);
  if (parameters !== undefined) nul(parameters);
  algorithm.end();
  return hash;
}

/**
 * Reads the SEQUENCE; absent fields have the defaults SHA-1, MGF1 with SHA-1, 20. Throws
 * CRYPTO_UNSUPPORTED for other masks or trailers and the ASN.1 codes.
 */
export function parsePssParameters(element: Tlv): PssParameters {
  const list = fields(element, 'RSASSA-PSS-params');
  let hash: HashName = 'SHA-1';
  let mgfHash: HashName = 'SHA-1';
  let saltLength = 20;
  const hashField = list.optional(contextTag(0));
  if (hashField !== undefined) hash = hashAlgorithm(explicit(hashField, 'hashAlgorithm'));
  const maskField = list.optional(contextTag(1));
  if (maskField !== undefined) {
    const mask = fields(explicit(maskField, 'maskGenAlgorithm'), 'maskGenAlgorithm');
    const function_ = oid(mask.required('algorithm'));
    if (function_ !== MGF1) {
      throw new EmrtdError('CRYPTO_UNSUPPORTED', `mask generation function ${function_}`);
    }
    mgfHash = hashAlgorithm(mask.required('parameters'));
    mask.end();
  }
  const saltField = list.optional(contextTag(2));
  if (saltField !== undefined) saltLength = smallInteger(explicit(saltField, 'saltLength'));
  const trailerField = list.optional(contextTag(3));
  if (trailerField !== undefined && smallInteger(explicit(trailerField, 'trailerField')) !== 1) {
    throw new EmrtdError('CRYPTO_UNSUPPORTED', 'RSASSA-PSS trailer field');
  }
  list.end();
  return { hash, mgfHash, saltLength };
}

/** Writes the SEQUENCE, fields with their default value left out (DER). */
export function encodePssParameters({ hash, mgfHash, saltLength }: PssParameters): Uint8Array {
  const algorithm = (name: HashName): Uint8Array => der.sequence(der.oid(hashOid(name)), der.nul());
  const parts: Uint8Array[] = [];
  if (hash !== 'SHA-1') parts.push(der.context(0, algorithm(hash)));
  if (mgfHash !== 'SHA-1') {
    parts.push(der.context(1, der.sequence(der.oid(MGF1), algorithm(mgfHash))));
  }
  if (saltLength !== 20) parts.push(der.context(2, der.integer(saltLength)));
  return der.sequence(...parts);
}
