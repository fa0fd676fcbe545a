/**
 * SecurityInfos (ICAO 9303-11 9.2): the protocols and keys that a chip announces in EF.CardAccess, in
 * EF.CardSecurity and in DG14. One bad entry is a finding; unknown entries are kept as they stand.
 */
import { integer, oid, parseTlv, TAG, type Tlv } from '../asn1/mod.ts';
import type { CipherName } from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import { attempt } from './element.ts';
import { Findings, type Parsed } from './finding.ts';
import { type KeyAgreement, type PaceMapping, protocolByOid } from './security-info-oids.ts';

interface Entry {
  /** Protocol OID in dotted form. */
  oid: string;
  /** Its value bytes, as data object 80 of MSE:Set AT carries them. */
  oidValue: Uint8Array;
}

/** 9303-11 9.2.1. */
export interface PaceInfo extends Entry {
  keyAgreement: KeyAgreement;
  mapping: PaceMapping;
  cipher: CipherName;
  version: number;
  /** Standardised domain parameters, or the id of explicit ones; some documents leave it out. */
  parameterId?: number;
}

/** 9303-11 9.2.2: explicit domain parameters. */
export interface PaceDomainParameterInfo extends Entry {
  keyAgreement: KeyAgreement;
  mapping: PaceMapping;
  /** AlgorithmIdentifier, DER as it stands. */
  domainParameter: Uint8Array;
  parameterId?: number;
}

/** 9303-11 9.2.5. */
export interface ChipAuthenticationInfo extends Entry {
  keyAgreement: KeyAgreement;
  cipher: CipherName;
  version: number;
  keyId?: bigint;
}

/** 9303-11 9.2.6. */
export interface ChipAuthenticationPublicKeyInfo extends Entry {
  keyAgreement: KeyAgreement;
  /** SubjectPublicKeyInfo, DER as it stands. */
  publicKey: Uint8Array;
  keyId?: bigint;
}

/** BSI TR-03110-3 A.1.1.2, chip authentication version 2; found in EF.CardSecurity. */
export interface ChipAuthenticationDomainParameterInfo extends Entry {
  keyAgreement: KeyAgreement;
  domainParameter: Uint8Array;
  keyId?: bigint;
}

/** 9303-11 9.2.4. */
export interface ActiveAuthenticationInfo extends Entry {
  version: number;
  /** OID of the signature algorithm, in dotted form. */
  signatureAlgorithm: string;
}

/** 9303-11 9.2.7; recognised only, terminal authentication is outside this library. */
export interface TerminalAuthenticationInfo extends Entry {
  version: number;
}

/** An entry with an OID that the library does not know. */
export interface UnknownSecurityInfo extends Entry {
  /** The whole SEQUENCE. */
  raw: Uint8Array;
}

/** The entries of a file by kind, each list in the order of the file. */
export interface SecurityInfos {
  pace: PaceInfo[];
  paceDomainParameters: PaceDomainParameterInfo[];
  chipAuthentication: ChipAuthenticationInfo[];
  chipAuthenticationPublicKeys: ChipAuthenticationPublicKeyInfo[];
  chipAuthenticationDomainParameters: ChipAuthenticationDomainParameterInfo[];
  activeAuthentication: ActiveAuthenticationInfo[];
  terminalAuthentication: TerminalAuthenticationInfo[];
  unknown: UnknownSecurityInfo[];
}

/** Entries read at most; the German card, the fullest known, has 8. */
const MAX_ENTRIES = 64;

/**
 * Reads the SET OF SecurityInfo itself: the whole of EF.CardAccess, the signed content of
 * EF.CardSecurity, the value of DG14. `name` goes into messages.
 * Throws LDS_MALFORMED when the set is empty or not a set, ASN1_MALFORMED when it is broken.
 */
export function parseSecurityInfos(
  bytes: Uint8Array,
  name = 'SecurityInfos',
): Parsed<SecurityInfos> {
  const findings = new Findings(name);
  const set = parseTlv(bytes, {
    name,
    ber: true,
    allowTrailing: true,
    maxDepth: 12,
    maxNodes: 1500,
  });
  if (set.tag !== TAG.set) throw new EmrtdError('LDS_TAG', `${name}: SecurityInfos is not a SET`);
  if (set.end < bytes.length) {
    findings.add('trailing-bytes', `${bytes.length - set.end} bytes after SecurityInfos`);
  }
  const entries = set.children();
  if (entries.length === 0) {
    throw new EmrtdError('LDS_MALFORMED', `${name}: SecurityInfos is empty`);
  }
  if (entries.length > MAX_ENTRIES) {
    findings.add('limit', `${entries.length} entries, the first ${MAX_ENTRIES} were read`);
  }
  const infos: SecurityInfos = {
    pace: [],
    paceDomainParameters: [],
    chipAuthentication: [],
    chipAuthenticationPublicKeys: [],
    chipAuthenticationDomainParameters: [],
    activeAuthentication: [],
    terminalAuthentication: [],
    unknown: [],
  };
  entries.slice(0, MAX_ENTRIES).forEach((entry, index) => {
    attempt(findings, `entry ${index + 1}`, () => readEntry(entry, infos));
  });
  return { data: infos, findings: findings.list };
}

function readEntry(entry: Tlv, infos: SecurityInfos): void {
  if (entry.tag !== TAG.sequence) fail(entry, 'SecurityInfo is not a SEQUENCE');
  const [first, required, optional, ...rest] = entry.children();
  if (first === undefined) fail(entry, 'SecurityInfo is empty');
  const head: Entry = { oid: oid(first), oidValue: first.value };
  const protocol = protocolByOid(head.oid);
  if (protocol === undefined) {
    infos.unknown.push({ ...head, raw: entry.raw });
    return;
  }
  if (required === undefined) fail(entry, `SecurityInfo ${head.oid} has no required data`);
  if (rest.length > 0) fail(entry, `SecurityInfo ${head.oid} has too many elements`);
  switch (protocol.kind) {
    case 'pace': {
      const { kind: _, ...rest } = protocol;
      const version = small(required, 'version');
      infos.pace.push({ ...head, ...rest, version, ...optionalParameter(optional) });
      return;
    }
    case 'pace-domain':
      infos.paceDomainParameters.push({
        ...head,
        keyAgreement: protocol.keyAgreement,
        mapping: protocol.mapping,
        domainParameter: sequenceBytes(required),
        ...optionalParameter(optional),
      });
      return;
    case 'chip-authentication':
      infos.chipAuthentication.push({
        ...head,
        keyAgreement: protocol.keyAgreement,
        cipher: protocol.cipher,
        version: small(required, 'version'),
        ...optionalKeyId(optional),
      });
      return;
    case 'chip-authentication-key':
      infos.chipAuthenticationPublicKeys.push({
        ...head,
        keyAgreement: protocol.keyAgreement,
        publicKey: sequenceBytes(required),
        ...optionalKeyId(optional),
      });
      return;
    case 'chip-authentication-domain':
      infos.chipAuthenticationDomainParameters.push({
        ...head,
        keyAgreement: protocol.keyAgreement,
        domainParameter: sequenceBytes(required),
        ...optionalKeyId(optional),
      });
      return;
    case 'active-authentication': {
      if (optional === undefined) fail(entry, 'ActiveAuthenticationInfo names no algorithm');
      const version = small(required, 'version');
      infos.activeAuthentication.push({ ...head, version, signatureAlgorithm: oid(optional) });
      return;
    }
    case 'terminal-authentication':
      // optional: EFCVCA file identifiers, of no use without terminal authentication
      infos.terminalAuthentication.push({ ...head, version: small(required, 'version') });
  }
}

function fail(tlv: Tlv, what: string): never {
  throw new EmrtdError('LDS_MALFORMED', `${tlv.source}: ${what}`);
}

function small(tlv: Tlv, what: string): number {
  const value = integer(tlv);
  if (value < 0n || value > 0xffffn) fail(tlv, `${what} is out of range`);
  return Number(value);
}

function optionalParameter(tlv: Tlv | undefined): { parameterId?: number } {
  return tlv === undefined ? {} : { parameterId: small(tlv, 'parameterId') };
}

function optionalKeyId(tlv: Tlv | undefined): { keyId?: bigint } {
  return tlv === undefined ? {} : { keyId: integer(tlv) };
}

function sequenceBytes(tlv: Tlv): Uint8Array {
  if (tlv.tag !== TAG.sequence) fail(tlv, 'required data is not a SEQUENCE');
  return tlv.raw;
}
