/** SecurityInfos of the specimen document (ICAO 9303-11 9.2): EF.CardAccess, EF.CardSecurity content, DG14. */
import { der } from '../asn1/mod.ts';
import {
  type CipherName,
  type Curve,
  dhPower,
  type Domain,
  encodeEcParameters,
  encodePoint,
  encodeSpki,
  type HashName,
  multiply,
} from '../crypto/mod.ts';

const BSI = '0.4.0.127.0.7.2.2';
const CIPHERS: readonly CipherName[] = ['3DES', 'AES-128', 'AES-192', 'AES-256'];
/** ecdsa-plain-signatures of TR-03111 5.2.1, by hash. */
const ECDSA_PLAIN: Record<HashName, string> = {
  'SHA-1': '0.4.0.127.0.7.1.1.4.1.1',
  'SHA-224': '0.4.0.127.0.7.1.1.4.1.2',
  'SHA-256': '0.4.0.127.0.7.1.1.4.1.3',
  'SHA-384': '0.4.0.127.0.7.1.1.4.1.4',
  'SHA-512': '0.4.0.127.0.7.1.1.4.1.5',
};

/** OID of a PACE variant (9.2.3). */
export function paceOid(
  kind: Domain['kind'],
  mapping: 'GM' | 'IM' | 'CAM',
  cipher: CipherName,
): string {
  return `${paceParent(kind, mapping)}.${CIPHERS.indexOf(cipher) + 1}`;
}

function paceParent(kind: Domain['kind'], mapping: 'GM' | 'IM' | 'CAM'): string {
  const dh = kind === 'dh';
  const arc = mapping === 'CAM' ? 6 : mapping === 'GM' ? (dh ? 1 : 2) : (dh ? 3 : 4);
  return `${BSI}.4.${arc}`;
}

/** OID of chip authentication (9.2.7). */
export function chipAuthenticationOid(kind: Domain['kind'], cipher: CipherName): string {
  return `${BSI}.3.${kind === 'dh' ? 1 : 2}.${CIPHERS.indexOf(cipher) + 1}`;
}

/** PACEInfo, version 2. */
export function writePaceInfo(oid: string, parameterId: number | undefined): Uint8Array {
  return der.sequence(
    der.oid(oid),
    der.integer(2),
    ...(parameterId === undefined ? [] : [der.integer(parameterId)]),
  );
}

/** PACEDomainParameterInfo with explicit parameters (9.2.2, 9.5.2). */
export function writePaceDomain(
  domain: Domain,
  mapping: 'GM' | 'IM' | 'CAM',
  parameterId: number,
): Uint8Array {
  const algorithm = domain.kind === 'ec'
    ? der.sequence(der.oid('1.2.840.10045.2.1'), encodeEcParameters(domain.curve))
    : der.sequence(
      der.oid('1.2.840.10046.2.1'),
      der.sequence(
        der.integer(domain.group.p),
        der.integer(domain.group.g),
        der.integer(domain.group.q ?? 0n),
      ),
    );
  return der.sequence(
    der.oid(paceParent(domain.kind, mapping)),
    algorithm,
    der.integer(parameterId),
  );
}

/** ChipAuthenticationInfo, version 1. */
export function writeChipAuthenticationInfo(oid: string, keyId: number | undefined): Uint8Array {
  return der.sequence(
    der.oid(oid),
    der.integer(1),
    ...(keyId === undefined ? [] : [der.integer(keyId)]),
  );
}

/** ChipAuthenticationPublicKeyInfo; DH keys as PKCS #3, EC keys with explicit parameters (9.6). */
export function writeChipAuthenticationKey(
  domain: Domain,
  privateKey: bigint,
  keyId: number | undefined,
): Uint8Array {
  return publicKeyInfo(domain.kind, spkiOf(domain, privateKey), keyId);
}

function spkiOf(domain: Domain, privateKey: bigint): Uint8Array {
  if (domain.kind === 'ec') {
    const point = multiply(domain.curve, privateKey, generatorOf(domain.curve));
    return encodeSpki({ kind: 'ec', curve: domain.curve, point, parameters: 'explicit' });
  }
  const { name, p, g, length } = domain.group;
  const value = dhPower(g, privateKey, domain.group);
  return encodeSpki({ kind: 'dh', group: { name, p, g, length }, value });
}

/** The same for EF.CardSecurity, with standardised domain parameters as the German card writes them. */
export function writeStandardizedKey(
  curve: Curve,
  parameterId: number,
  privateKey: bigint,
): Uint8Array {
  const point = encodePoint(curve, multiply(curve, privateKey, generatorOf(curve)));
  const spki = der.sequence(
    der.sequence(der.oid('0.4.0.127.0.7.1.2'), der.integer(parameterId)),
    der.bitString(point),
  );
  return publicKeyInfo('ec', spki, parameterId);
}

function publicKeyInfo(
  kind: Domain['kind'],
  spki: Uint8Array,
  keyId: number | undefined,
): Uint8Array {
  return der.sequence(
    der.oid(`${BSI}.1.${kind === 'dh' ? 1 : 2}`),
    spki,
    ...(keyId === undefined ? [] : [der.integer(keyId)]),
  );
}

/** ActiveAuthenticationInfo for ECDSA (9.2.4). */
export function writeActiveAuthenticationInfo(hash: HashName): Uint8Array {
  return der.sequence(der.oid('2.23.136.1.1.5'), der.integer(1), der.oid(ECDSA_PLAIN[hash]));
}

function generatorOf(curve: Curve): { x: bigint; y: bigint } {
  return { x: curve.gx, y: curve.gy };
}
