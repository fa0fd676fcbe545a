/** LDSSecurityObject, versions 0 and 1 (ICAO 9303-10 4.6.2.2): the signed hashes of the data groups. */
import { fields, octetString, oid, parseTlv, smallInteger, TAG, text } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { attempt } from './element.ts';
import { Findings, type Parsed } from './finding.ts';

export interface LdsSecurityObject {
  /** 0, or 1 with `ldsVersion` and `unicodeVersion` inside. */
  version: number;
  /** OID of the hash algorithm, in dotted form. */
  hashAlgorithm: string;
  /** Hash by data group number, 1 to 16. */
  hashes: Map<number, Uint8Array>;
  /** Version 1: `0108`; otherwise null. */
  ldsVersion: string | null;
  /** Version 1: `040000`; otherwise null. */
  unicodeVersion: string | null;
}

/** Hash entries read at most; 9303-10 allows 16. */
const MAX_ENTRIES = 32;

/**
 * Parses the signed content of EF.SOD. A data group listed twice keeps nothing of either hash, because
 * the two disagree about what was signed.
 * Throws LDS_MALFORMED or ASN1_* when the structure is broken.
 */
export function parseLdsSecurityObject(content: Uint8Array): Parsed<LdsSecurityObject> {
  const name = 'LDSSecurityObject';
  const findings = new Findings('EF.SOD');
  const object = fields(parseTlv(content, { name, ber: true, maxDepth: 8, maxNodes: 400 }), name);
  const version = smallInteger(object.required('version', TAG.integer));
  if (version > 1) findings.add('unsupported', `security object of version ${version}`);
  const algorithm = fields(object.required('hashAlgorithm', TAG.sequence), 'hashAlgorithm');
  const hashAlgorithm = oid(algorithm.required('algorithm', TAG.oid));
  const entries = object.required('dataGroupHashValues', TAG.sequence).children();
  if (entries.length === 0) throw new EmrtdError('LDS_MALFORMED', `${name}: no hashes`);
  if (entries.length > MAX_ENTRIES) {
    throw new EmrtdError('LDS_MALFORMED', `${name}: ${entries.length} hashes`);
  }
  const hashes = new Map<number, Uint8Array>();
  const twice = new Set<number>();
  for (const entry of entries) {
    const pair = fields(entry, 'DataGroupHash');
    const number = smallInteger(pair.required('dataGroupNumber', TAG.integer));
    const hash = octetString(pair.required('dataGroupHashValue'));
    pair.end();
    if (number < 1 || number > 16) findings.add('unexpected', `a hash of data group ${number}`);
    else if (hashes.has(number)) twice.add(number);
    else hashes.set(number, hash);
  }
  for (const number of twice) {
    hashes.delete(number);
    findings.add('malformed', `data group ${number} has two hashes`);
  }
  const info = object.optional(TAG.sequence);
  object.end();
  const versions = info === undefined ? undefined : attempt(findings, 'ldsVersionInfo', () => {
    const pair = fields(info, 'ldsVersionInfo');
    return {
      ldsVersion: text(pair.required('ldsVersion')),
      unicodeVersion: text(pair.required('unicodeVersion')),
    };
  });
  if ((version === 1) !== (info !== undefined)) {
    findings.add('undeclared', `version ${version} ${info ? 'with' : 'without'} ldsVersionInfo`);
  }
  const data: LdsSecurityObject = {
    version,
    hashAlgorithm,
    hashes,
    ldsVersion: versions?.ldsVersion ?? null,
    unicodeVersion: versions?.unicodeVersion ?? null,
  };
  return { data, findings: findings.list };
}
