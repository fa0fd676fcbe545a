/** Signing keys of the specimen issuer (ICAO 9303-12 4.1.6): RSA PKCS#1 v1.5, RSASSA-PSS, ECDSA. */
import { der } from '../asn1/mod.ts';
import {
  curveByName,
  ecdsaSign,
  encodeEcdsaDer,
  encodePssParameters,
  encodeSpki,
  generateKeyPair,
  hashLength,
  type HashName,
  rsaSignPkcs1,
  rsaSignPss,
} from '../crypto/mod.ts';
import type { Random } from '../types.ts';
import { seededRsaKey } from './seeded-rsa.ts';

/** How certificates and security objects are signed. */
export type SignatureChoice =
  | { kind: 'rsa-pkcs1' | 'rsa-pss'; bits: number; hash: HashName }
  | { kind: 'ecdsa'; curve: string; hash: HashName; parameters?: 'named' | 'explicit' };

export interface SignerKey {
  hash: HashName;
  /** SubjectPublicKeyInfo. */
  spki: Uint8Array;
  /** AlgorithmIdentifier of its signatures. */
  algorithm: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** RFC 8017 A.2.4, RFC 5754 3.2. */
const RSA_OIDS: Record<HashName, string> = {
  'SHA-1': '1.2.840.113549.1.1.5',
  'SHA-224': '1.2.840.113549.1.1.14',
  'SHA-256': '1.2.840.113549.1.1.11',
  'SHA-384': '1.2.840.113549.1.1.12',
  'SHA-512': '1.2.840.113549.1.1.13',
};
const PSS_OID = '1.2.840.113549.1.1.10';
/** RFC 5758 3.2, RFC 3279 2.2.3. */
const ECDSA_OIDS: Record<HashName, string> = {
  'SHA-1': '1.2.840.10045.4.1',
  'SHA-224': '1.2.840.10045.4.3.1',
  'SHA-256': '1.2.840.10045.4.3.2',
  'SHA-384': '1.2.840.10045.4.3.3',
  'SHA-512': '1.2.840.10045.4.3.4',
};

/** A new key. EC parameters are written out unless asked otherwise, as 9303-12 requires. */
export function createSigner(choice: SignatureChoice, random: Random): SignerKey {
  const { hash } = choice;
  if (choice.kind === 'ecdsa') {
    const curve = curveByName(choice.curve);
    const { privateKey, publicKey } = generateKeyPair(curve, random);
    const parameters = choice.parameters ?? 'explicit';
    return {
      hash,
      spki: encodeSpki({ kind: 'ec', curve, point: publicKey, parameters }),
      algorithm: der.sequence(der.oid(ECDSA_OIDS[hash])),
      sign: (message) => encodeEcdsaDer(ecdsaSign(curve, privateKey, hash, message)),
    };
  }
  const key = seededRsaKey(choice.bits, random);
  const spki = encodeSpki({ kind: 'rsa', key: { n: key.n, e: key.e } });
  if (choice.kind === 'rsa-pkcs1') {
    return {
      hash,
      spki,
      algorithm: der.sequence(der.oid(RSA_OIDS[hash]), der.nul()),
      sign: (message) => rsaSignPkcs1(key, hash, message),
    };
  }
  const pss = { hash, mgfHash: hash, saltLength: hashLength(hash) };
  return {
    hash,
    spki,
    algorithm: der.sequence(der.oid(PSS_OID), encodePssParameters(pss)),
    sign: (message) => rsaSignPss(key, pss, message, random),
  };
}
