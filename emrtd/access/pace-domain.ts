/**
 * Which PaceInfo to use and over which domain parameters (9303-11 9.2.1, 9.2.2, 9.5): standardised ones by
 * number, or explicit ones that a PaceDomainParameterInfo writes out.
 */
import { type Fields, fields, oid, parseTlv, smallInteger, TAG, unsigned } from '../asn1/mod.ts';
import {
  type CipherName,
  curveByOid,
  type Domain,
  explicitGroup,
  parseEcParameters,
  standardizedDomain,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { PaceDomainParameterInfo, PaceInfo, PaceMapping, SecurityInfos } from '../lds/mod.ts';
import { dhAgreement, ecAgreement, type PaceAgreement } from './pace-agreement.ts';
import { STANDARDIZED_DOMAIN_PARAMETERS } from './static-key.ts';

/** A protocol that the chip offers and this library can run. */
export interface PaceChoice {
  info: PaceInfo;
  agreement: PaceAgreement;
  /** `brainpoolP256r1`, `RFC 5114 2.1`, `explicit`: for reports. */
  domainName: string;
}

const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
/** X9.42 (with q) and PKCS #3. */
const DH_PUBLIC_NUMBER = '1.2.840.10046.2.1';
const DH_KEY_AGREEMENT = '1.2.840.113549.1.3.1';

function explicitDh(list: Fields, hasOrder: boolean): Domain {
  const p = unsigned(list.required('p'));
  const g = unsigned(list.required('g'));
  const q = hasOrder ? unsigned(list.required('q')) : undefined;
  return { kind: 'dh', group: explicitGroup(p, g, q) };
}

/**
 * Domain parameters of an AlgorithmIdentifier, DER. Throws CRYPTO_UNSUPPORTED, CRYPTO_DOMAIN and the ASN.1
 * codes.
 */
function parseDomain(bytes: Uint8Array): Domain {
  const element = parseTlv(bytes, { name: 'PACE domain parameters' });
  const list = fields(element, 'AlgorithmIdentifier');
  const id = oid(list.required('algorithm'));
  const parameters = list.required('parameters');
  switch (id) {
    case STANDARDIZED_DOMAIN_PARAMETERS:
      return standardizedDomain(smallInteger(parameters));
    case EC_PUBLIC_KEY: {
      const named = parameters.tag === TAG.oid;
      return {
        kind: 'ec',
        curve: named ? curveByOid(oid(parameters)) : parseEcParameters(parameters),
      };
    }
    case DH_PUBLIC_NUMBER:
    case DH_KEY_AGREEMENT:
      return explicitDh(fields(parameters, 'DH parameters'), id === DH_PUBLIC_NUMBER);
    default:
      throw new EmrtdError('CRYPTO_UNSUPPORTED', `PACE domain parameters of algorithm ${id}`);
  }
}

/** The explicit parameters that belong to an entry: same id, or the only ones where neither has an id. */
function explicitFor(info: PaceInfo, infos: SecurityInfos): PaceDomainParameterInfo | undefined {
  const candidates = infos.paceDomainParameters.filter((domain) =>
    domain.keyAgreement === info.keyAgreement && domain.mapping === info.mapping
  );
  const { parameterId } = info;
  if (parameterId === undefined) return candidates.length === 1 ? candidates[0] : undefined;
  return candidates.find((domain) => domain.parameterId === parameterId) ??
    (candidates.length === 1 && candidates[0].parameterId === undefined
      ? candidates[0]
      : undefined);
}

/** Domain parameters of one entry. Throws CRYPTO_UNSUPPORTED, CRYPTO_DOMAIN and the ASN.1 codes. */
function domainOf(info: PaceInfo, explicit: PaceDomainParameterInfo | undefined): Domain {
  const id = info.parameterId;
  if (explicit === undefined && id === undefined) {
    throw new EmrtdError('CRYPTO_UNSUPPORTED', 'PACE: no domain parameters are named');
  }
  const domain = explicit === undefined
    ? standardizedDomain(id ?? 0)
    : parseDomain(explicit.domainParameter);
  if ((domain.kind === 'ec') !== (info.keyAgreement === 'ECDH')) {
    throw new EmrtdError('CRYPTO_DOMAIN', 'PACE: domain parameters are not of the key agreement');
  }
  return domain;
}

/** Chip authentication mapping first: it also proves the chip. */
const MAPPING_ORDER: readonly PaceMapping[] = ['CAM', 'GM', 'IM'];
const CIPHER_ORDER: readonly CipherName[] = ['AES-256', 'AES-192', 'AES-128', '3DES'];

function rank(info: PaceInfo): number {
  const mapping = MAPPING_ORDER.indexOf(info.mapping);
  const agreement = info.keyAgreement === 'ECDH' ? 0 : 1;
  return (mapping * 2 + agreement) * 10 + CIPHER_ORDER.indexOf(info.cipher);
}

/** Entries with explicit parameters that are looked at: to prove a group or curve takes time. */
const MAX_EXPLICIT = 4;

/** What this library can run of what the chip offers, best first. Entries it cannot run are left out. */
export function paceChoices(infos: SecurityInfos): PaceChoice[] {
  const choices: PaceChoice[] = [];
  let explicitLeft = MAX_EXPLICIT;
  for (const info of [...infos.pace].sort((a, b) => rank(a) - rank(b))) {
    const explicit = explicitFor(info, infos);
    if (explicit !== undefined && explicitLeft-- <= 0) continue;
    try {
      const domain = domainOf(info, explicit);
      if (domain.kind === 'ec') {
        const { curve } = domain;
        if (info.mapping === 'IM' && curve.p % 4n !== 3n) continue;
        choices.push({ info, agreement: ecAgreement(curve), domainName: curve.name });
      } else {
        const { group } = domain;
        choices.push({ info, agreement: dhAgreement(group), domainName: group.name });
      }
    } catch (error) {
      if (!(error instanceof EmrtdError)) throw error;
    }
  }
  return choices;
}
