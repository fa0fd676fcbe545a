/**
 * Makes certificates, CRLs and CMS messages for tests, with the writers of asn1/ and the signing
 * functions of crypto/, so that every algorithm and every deviation can be produced.
 */
import { der, fields, octetString, parseTlv, tlv, unsigned } from '../../../../emrtd/asn1/mod.ts';
import {
  type Curve,
  curveByName,
  digest,
  ecdsaSign,
  encodeEcdsaDer,
  encodePssParameters,
  encodeSpki,
  generateKeyPair,
  type HashName,
  hashOid,
  type PssParameters,
  type PublicKey,
  type RsaPrivateKey,
  rsaSignPkcs1,
  rsaSignPss,
} from '../../../../emrtd/crypto/mod.ts';

/** Reproducible bytes: good enough for keys that live for one test. */
function testRandom(seed: string): (length: number) => Uint8Array {
  let counter = 0;
  return (length) => {
    const out = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 32) {
      const block = digest('SHA-256', new TextEncoder().encode(`${seed} ${counter++}`));
      out.set(block.subarray(0, Math.min(32, length - offset)), offset);
    }
    return out;
  };
}

/** A private key that signs in one way. */
export interface Signer {
  /** AlgorithmIdentifier of its signatures. */
  algorithm: Uint8Array;
  hash: HashName;
  spki: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

const ECDSA_OID: Record<HashName, string> = {
  'SHA-1': '1.2.840.10045.4.1',
  'SHA-224': '1.2.840.10045.4.3.1',
  'SHA-256': '1.2.840.10045.4.3.2',
  'SHA-384': '1.2.840.10045.4.3.3',
  'SHA-512': '1.2.840.10045.4.3.4',
};
const RSA_OID: Record<HashName, string> = {
  'SHA-1': '1.2.840.113549.1.1.5',
  'SHA-224': '1.2.840.113549.1.1.14',
  'SHA-256': '1.2.840.113549.1.1.11',
  'SHA-384': '1.2.840.113549.1.1.12',
  'SHA-512': '1.2.840.113549.1.1.13',
};

export function ecSigner(
  curve: Curve,
  privateKey: bigint,
  spki: Uint8Array,
  hash: HashName,
): Signer {
  return {
    algorithm: der.sequence(der.oid(ECDSA_OID[hash])),
    hash,
    spki,
    sign: (message) => encodeEcdsaDer(ecdsaSign(curve, privateKey, hash, message)),
  };
}

export function rsaSigner(key: RsaPrivateKey, spki: Uint8Array, hash: HashName): Signer {
  return {
    algorithm: der.sequence(der.oid(RSA_OID[hash]), der.nul()),
    hash,
    spki,
    sign: (message) => rsaSignPkcs1(key, hash, message),
  };
}

export function pssSigner(key: RsaPrivateKey, spki: Uint8Array, parameters: PssParameters): Signer {
  return {
    algorithm: der.sequence(der.oid('1.2.840.113549.1.1.10'), encodePssParameters(parameters)),
    hash: parameters.hash,
    spki,
    sign: (message) => rsaSignPss(key, parameters, message, testRandom('salt')),
  };
}

/** A fresh P-256 key that signs with SHA-256. */
export function freshSigner(name: string): Signer {
  const curve = curveByName('P-256');
  const pair = generateKeyPair(curve, testRandom(name));
  const key: PublicKey = { kind: 'ec', curve, point: pair.publicKey, parameters: 'named' };
  return ecSigner(curve, pair.privateKey, encodeSpki(key), 'SHA-256');
}

/** Private key of a PEM or DER PKCS#8 RSA key. */
export function rsaPrivateKey(pkcs8: Uint8Array): RsaPrivateKey {
  const info = parseTlv(pkcs8).children();
  const numbers = parseTlv(octetString(info[2])).children().map((number) => unsigned(number));
  const [, n, e, d, p, q, dp, dq, qi] = numbers;
  return { n, e, d, p, q, dp, dq, qi };
}

/** Scalar of a SEC 1 ECPrivateKey (RFC 5915). */
export function ecPrivateKey(sec1: Uint8Array): bigint {
  const cursor = fields(parseTlv(sec1), 'ECPrivateKey');
  cursor.required('version');
  return BigInt(`0x${octetString(cursor.required('privateKey')).toHex()}`);
}

/** C=.., CN=.. */
export function name(country: string, common: string): Uint8Array {
  const attribute = (type: string, value: Uint8Array) =>
    der.set(der.sequence(der.oid(type), value));
  return der.sequence(
    attribute('2.5.4.6', der.printable(country)),
    attribute('2.5.4.3', der.utf8(common)),
  );
}

/** SHA-1 of the key bits (RFC 5280 4.2.1.2 (1)). */
export function keyId(spki: Uint8Array): Uint8Array {
  const bits = parseTlv(spki).children()[1].value.subarray(1);
  return digest('SHA-1', bits);
}

export function extension(oid: string, value: Uint8Array, critical = false): Uint8Array {
  return der.sequence(
    der.oid(oid),
    ...(critical ? [der.boolean(true)] : []),
    der.octetString(value),
  );
}

/** keyUsage with one bit set. */
export function keyUsage(...bits: number[]): Uint8Array {
  const last = Math.max(...bits);
  const byte = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  return extension('2.5.29.15', der.bitString(Uint8Array.of(byte), 7 - last), true);
}

export interface CertificateSpec {
  subject: Uint8Array;
  issuer: Uint8Array;
  key: Signer;
  issuerKey: Signer;
  serial?: number;
  from?: string;
  to?: string;
  ca?: { pathLength?: number };
  /** Replaces the usual extensions. */
  extensions?: Uint8Array[];
  /** Besides the usual ones. */
  extra?: Uint8Array[];
}

/** A certificate; CA with `ca`, otherwise a document signer. */
export function mintCertificate(spec: CertificateSpec): Uint8Array {
  const usual = [
    extension('2.5.29.14', der.octetString(keyId(spec.key.spki))),
    extension('2.5.29.35', der.sequence(der.contextPrimitive(0, keyId(spec.issuerKey.spki)))),
    spec.ca === undefined ? keyUsage(0) : keyUsage(5, 6),
    ...(spec.ca === undefined ? [] : [
      extension(
        '2.5.29.19',
        der.sequence(
          der.boolean(true),
          ...(spec.ca.pathLength === undefined ? [] : [der.integer(spec.ca.pathLength)]),
        ),
        true,
      ),
    ]),
    ...(spec.extra ?? []),
  ];
  const tbs = der.sequence(
    der.context(0, der.integer(2)),
    der.integer(spec.serial ?? 1),
    spec.issuerKey.algorithm,
    spec.issuer,
    der.sequence(
      der.utcTime(new Date(spec.from ?? '2020-01-01')),
      der.utcTime(new Date(spec.to ?? '2030-01-01')),
    ),
    spec.subject,
    spec.key.spki,
    der.context(3, der.sequence(...(spec.extensions ?? usual))),
  );
  return signedObject(tbs, spec.issuerKey);
}

function signedObject(tbs: Uint8Array, signer: Signer): Uint8Array {
  return der.sequence(tbs, signer.algorithm, der.bitString(signer.sign(tbs)));
}

export interface CrlSpec {
  issuer: Uint8Array;
  key: Signer;
  revoked?: number[];
  from?: string;
  to?: string;
  number?: number;
}

/** A complete CRL, version 2. */
export function mintCrl(spec: CrlSpec): Uint8Array {
  const from = new Date(spec.from ?? '2024-01-01');
  const tbs = der.sequence(
    der.integer(1),
    spec.key.algorithm,
    spec.issuer,
    der.utcTime(from),
    der.utcTime(new Date(spec.to ?? '2024-04-01')),
    ...(spec.revoked === undefined || spec.revoked.length === 0 ? [] : [
      der.sequence(
        ...spec.revoked.map((serial) => der.sequence(der.integer(serial), der.utcTime(from))),
      ),
    ]),
    der.context(
      0,
      der.sequence(
        extension('2.5.29.35', der.sequence(der.contextPrimitive(0, keyId(spec.key.spki)))),
        extension('2.5.29.20', der.integer(spec.number ?? 1)),
      ),
    ),
  );
  return signedObject(tbs, spec.key);
}

export interface MessageSpec {
  contentType: string;
  content: Uint8Array;
  key: Signer;
  /** DER of the certificates to embed. */
  certificates: Uint8Array[];
  /** SignerIdentifier. */
  sid: Uint8Array;
  /** Hash of messageDigest; that of the signature unless given. */
  digestHash?: HashName;
  signingTime?: Date;
  /** Replaces the AlgorithmIdentifier of the signature. */
  signatureAlgorithm?: Uint8Array;
  attributes?: 'usual' | 'none' | 'unordered' | 'signed-in-order' | 'no-digest' | 'wrong-type';
}

export function issuerAndSerial(issuer: Uint8Array, serial: number): Uint8Array {
  return der.sequence(issuer, der.integer(serial));
}

/** ContentInfo with SignedData. */
export function mintSignedData(spec: MessageSpec): Uint8Array {
  const hash = spec.digestHash ?? spec.key.hash;
  const digestAlgorithm = der.sequence(der.oid(hashOid(hash)), der.nul());
  const list = attributes(spec, hash);
  const stored = list &&
    (spec.attributes === 'signed-in-order' ? der.set(...list) : tlv(0x31, ...list));
  const signature = spec.key.sign(stored ?? spec.content);
  const signerInfo = der.sequence(
    der.integer(1),
    spec.sid,
    digestAlgorithm,
    ...(list === undefined ? [] : [tlv(0xa0, ...list)]),
    spec.signatureAlgorithm ?? spec.key.algorithm,
    der.octetString(signature),
  );
  const signedData = der.sequence(
    der.integer(3),
    der.set(digestAlgorithm),
    der.sequence(der.oid(spec.contentType), der.context(0, der.octetString(spec.content))),
    der.context(0, ...spec.certificates),
    der.set(signerInfo),
  );
  return der.sequence(der.oid('1.2.840.113549.1.7.2'), der.context(0, signedData));
}

function attributes(spec: MessageSpec, hash: HashName): Uint8Array[] | undefined {
  const attribute = (type: string, value: Uint8Array) =>
    der.sequence(der.oid(type), der.set(value));
  const type = attribute(
    '1.2.840.113549.1.9.3',
    der.oid(spec.attributes === 'wrong-type' ? '1.2.840.113549.1.7.1' : spec.contentType),
  );
  const messageDigest = attribute(
    '1.2.840.113549.1.9.4',
    der.octetString(digest(hash, spec.content)),
  );
  switch (spec.attributes ?? 'usual') {
    case 'none':
      return undefined;
    case 'no-digest':
      return [type];
    case 'unordered':
    case 'signed-in-order':
      return [messageDigest, type];
    default:
      return spec.signingTime === undefined ? [type, messageDigest] : [
        type,
        messageDigest,
        attribute('1.2.840.113549.1.9.5', der.utcTime(spec.signingTime)),
      ];
  }
}

/** The same message with indefinite lengths for every constructed element but those signed. */
export function indefinite(message: Uint8Array): Uint8Array {
  const convert = (bytes: Uint8Array, depth: number): Uint8Array => {
    const element = parseTlv(bytes);
    const signed = element.tag === 0xa0 && depth === 6;
    if (!element.constructed || signed || element.tag === 0x30 && depth > 4) return bytes;
    const parts = element.children().map((child) => convert(child.raw, depth + 1));
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const out = new Uint8Array(length + 4);
    out.set([element.tag, 0x80]);
    let offset = 2;
    for (const part of parts) {
      out.set(part, offset);
      offset += part.length;
    }
    return out;
  };
  return convert(message, 1);
}
