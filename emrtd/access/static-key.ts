/**
 * The static key of a chip authentication key info (9303-11 9.2.6). Besides what certificates have, its
 * algorithm may be standardised domain parameters by number (BSI TR-03110-3 A.2.1.1), as EF.CardSecurity of
 * German documents has it.
 */
import { bitStringBytes, fields, oid, parseTlv, smallInteger } from '../asn1/mod.ts';
import {
  bigIntToBytes,
  bytesToBigInt,
  checkPublicValue,
  type Curve,
  decodePoint,
  encodePoint,
  parseSpki,
  type Point,
  standardizedDomain,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import { dhAgreement, ecAgreement, type PaceAgreement } from './pace-agreement.ts';

/** standardizedDomainParameters. */
export const STANDARDIZED_DOMAIN_PARAMETERS = '0.4.0.127.0.7.1.2';

/** A key to agree with: a point, or an element of a field as bytes of its length. */
export type StaticKey =
  | { kind: 'ec'; curve: Curve; point: Point; agreement: PaceAgreement; encoded: Uint8Array }
  | { kind: 'dh'; agreement: PaceAgreement; encoded: Uint8Array };

function ecKey(curve: Curve, point: Point): StaticKey {
  const encoded = encodePoint(curve, point);
  return { kind: 'ec', curve, point, agreement: ecAgreement(curve), encoded };
}

/** A key whose algorithm is standardised domain parameters. */
function standardizedKey(spki: Uint8Array, name: string): StaticKey {
  const list = fields(parseTlv(spki, { name }), 'SubjectPublicKeyInfo');
  const algorithm = fields(list.required('algorithm'), 'AlgorithmIdentifier');
  algorithm.required('algorithm');
  const domain = standardizedDomain(smallInteger(algorithm.required('parameters')));
  const bytes = bitStringBytes(list.required('subjectPublicKey'));
  if (domain.kind === 'ec') return ecKey(domain.curve, decodePoint(domain.curve, bytes));
  const value = checkPublicValue(domain.group, bytesToBigInt(bytes));
  const encoded = bigIntToBytes(value, domain.group.length);
  return { kind: 'dh', agreement: dhAgreement(domain.group), encoded };
}

function algorithmOf(spki: Uint8Array, name: string): string {
  const list = fields(parseTlv(spki, { name }), 'SubjectPublicKeyInfo');
  return oid(fields(list.required('algorithm'), 'AlgorithmIdentifier').required('algorithm'));
}

/**
 * Reads a SubjectPublicKeyInfo of DG14 or EF.CardSecurity. Throws CRYPTO_UNSUPPORTED for a key that is not
 * for key agreement, CRYPTO_KEY and CRYPTO_DOMAIN for a bad one, and the ASN.1 codes.
 */
export function parseStaticKey(spki: Uint8Array, name: string): StaticKey {
  if (algorithmOf(spki, name) === STANDARDIZED_DOMAIN_PARAMETERS) {
    return standardizedKey(spki, name);
  }
  const key = parseSpki(spki, name);
  switch (key.kind) {
    case 'ec':
      return ecKey(key.curve, key.point);
    case 'dh': {
      const encoded = bigIntToBytes(key.value, key.group.length);
      return { kind: 'dh', agreement: dhAgreement(key.group), encoded };
    }
    default:
      throw new EmrtdError('CRYPTO_UNSUPPORTED', `${name}: not a key for key agreement`);
  }
}
