/** Object identifiers of the SecurityInfos (ICAO 9303-11 9.2 to 9.6, BSI TR-03110-3 A.1). */
import type { CipherName } from '../crypto/mod.ts';

const BSI = '0.4.0.127.0.7.2.2';

/** id-PK-DH, id-PK-ECDH: chip authentication public keys. */
const ID_PK: Record<string, KeyAgreement> = { [`${BSI}.1.1`]: 'DH', [`${BSI}.1.2`]: 'ECDH' };
/** id-TA. */
const ID_TA = `${BSI}.2`;
/** id-icao-mrtd-security-aaProtocolObject. */
const ID_AA = '2.23.136.1.1.5';

export type KeyAgreement = 'DH' | 'ECDH';
/** How PACE turns the nonce into a generator (9303-11 4.4.3.3). */
export type PaceMapping = 'GM' | 'IM' | 'CAM';

const CIPHERS: Record<string, CipherName> = {
  '1': '3DES',
  '2': 'AES-128',
  '3': 'AES-192',
  '4': 'AES-256',
};

const PACE_PARENTS: Record<string, { keyAgreement: KeyAgreement; mapping: PaceMapping }> = {
  [`${BSI}.4.1`]: { keyAgreement: 'DH', mapping: 'GM' },
  [`${BSI}.4.2`]: { keyAgreement: 'ECDH', mapping: 'GM' },
  [`${BSI}.4.3`]: { keyAgreement: 'DH', mapping: 'IM' },
  [`${BSI}.4.4`]: { keyAgreement: 'ECDH', mapping: 'IM' },
  [`${BSI}.4.6`]: { keyAgreement: 'ECDH', mapping: 'CAM' },
};

const CA_PARENTS: Record<string, KeyAgreement> = { [`${BSI}.3.1`]: 'DH', [`${BSI}.3.2`]: 'ECDH' };

/** What an OID among SecurityInfos announces. */
export type Protocol =
  | { kind: 'pace'; keyAgreement: KeyAgreement; mapping: PaceMapping; cipher: CipherName }
  | { kind: 'pace-domain'; keyAgreement: KeyAgreement; mapping: PaceMapping }
  | { kind: 'chip-authentication'; keyAgreement: KeyAgreement; cipher: CipherName }
  | { kind: 'chip-authentication-domain'; keyAgreement: KeyAgreement }
  | { kind: 'chip-authentication-key'; keyAgreement: KeyAgreement }
  | { kind: 'active-authentication' }
  | { kind: 'terminal-authentication' };

/** The protocol of an OID in dotted form, or undefined for one that 9303-11 does not define. */
export function protocolByOid(oid: string): Protocol | undefined {
  if (oid === ID_AA) return { kind: 'active-authentication' };
  if (oid === ID_TA) return { kind: 'terminal-authentication' };
  if (Object.hasOwn(ID_PK, oid)) {
    return { kind: 'chip-authentication-key', keyAgreement: ID_PK[oid] };
  }
  if (Object.hasOwn(PACE_PARENTS, oid)) return { kind: 'pace-domain', ...PACE_PARENTS[oid] };
  if (Object.hasOwn(CA_PARENTS, oid)) {
    return { kind: 'chip-authentication-domain', keyAgreement: CA_PARENTS[oid] };
  }
  const dot = oid.lastIndexOf('.');
  const parent = oid.slice(0, dot);
  const last = oid.slice(dot + 1);
  if (!Object.hasOwn(CIPHERS, last)) return undefined;
  const cipher = CIPHERS[last];
  if (Object.hasOwn(PACE_PARENTS, parent)) {
    const { keyAgreement, mapping } = PACE_PARENTS[parent];
    // 9303-11 9.2.1 defines chip authentication mapping for AES only
    if (mapping === 'CAM' && cipher === '3DES') return undefined;
    return { kind: 'pace', keyAgreement, mapping, cipher };
  }
  if (Object.hasOwn(CA_PARENTS, parent)) {
    return { kind: 'chip-authentication', keyAgreement: CA_PARENTS[parent], cipher };
  }
  return undefined;
}
