/**
 * Passive authentication (ICAO 9303-11 5.1): EF.SOD and the data groups read, against the trust store.
 * Three verdicts that do not depend on each other: signature of the security object, chain of its
 * signer to a CSCA, hashes of the data groups. Nothing is authentic unless all three are valid.
 */
import { digest, equalConstantTime, hashByOid, type HashName } from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import {
  type Finding,
  type LdsSecurityObject,
  parseDg1,
  parseLdsSecurityObject,
  parseSod,
  withoutFillers,
} from '../lds/mod.ts';
import {
  type Certificate,
  type Deviation,
  type TrustStore,
  type Verdict,
  verifyTrustedContent,
} from '../pki/mod.ts';
import type { CheckResult } from '../types.ts';

const LDS_SECURITY_OBJECT = '2.23.136.1.1.1';

/** Content types that documents have instead: id-data (CN), the OID of the draft standard, Sdu (NL). */
const TOLERATED = ['1.2.840.113549.1.7.1', '1.3.27.1.1.1', '1.2.528.1.1006.1.20.1'];

/** What to judge, against what. */
export interface PassiveRequest {
  /** EF.SOD as read, tag 77 included. */
  sod: Uint8Array;
  /** Data groups as read, outer tag included, by number 1 to 16. */
  groups: ReadonlyMap<number, Uint8Array>;
  trust: TrustStore;
  /** Time for which the chain must be valid; usually now. */
  at: Date;
  /** `required`: a chain without a usable CRL is not valid. */
  revocation?: 'required' | 'when-available';
}

/** What is known of one data group that was given. */
export interface GroupHash {
  group: number;
  /** `unlisted`: not in the security object, so nothing vouches for it. */
  status: 'matches' | 'differs' | 'unlisted';
}

/** The outcome. */
export interface PassiveResult {
  /** All three verdicts are valid. Says nothing of the chip, which may be a copy. */
  authentic: boolean;
  signature: Verdict;
  chain: Verdict;
  hashes: Verdict;
  groups: GroupHash[];
  /** The security object as written, authentic only as far as `signature` and `chain` say. */
  securityObject: LdsSecurityObject | undefined;
  hashAlgorithm: HashName | undefined;
  /** Certificate whose key signed, or the one named when the signature is wrong. */
  signer: Certificate | undefined;
  path: Certificate[];
  signatureAlgorithm: string;
  deviations: Deviation[];
  findings: Finding[];
}

/** Judges the files of a document. Never throws for what they hold. */
export function passiveAuthentication(request: PassiveRequest): PassiveResult {
  const findings: Finding[] = [];
  const contentInfo = attempt(() => {
    const sod = parseSod(request.sod);
    findings.push(...sod.findings);
    return sod.data.contentInfo;
  });
  const file = verifyTrustedContent(contentInfo.value ?? new Uint8Array(), {
    name: 'EF.SOD',
    contentType: LDS_SECURITY_OBJECT,
    toleratedContentTypes: TOLERATED,
    trust: request.trust,
    at: request.at,
    revocation: request.revocation ?? 'when-available',
  });
  if (contentInfo.problem !== undefined) {
    file.signature.checks = [fail('signed-data', contentInfo.problem)];
  }
  const object = attempt(() => {
    if (file.content === undefined) return undefined;
    const parsed = parseLdsSecurityObject(file.content);
    findings.push(...parsed.findings);
    return parsed.data;
  });
  const hash = attempt(() => object.value && hashByOid(object.value.hashAlgorithm));
  const groups = object.value && hash.value
    ? compare(request.groups, object.value, hash.value)
    : undefined;
  const hashes = groups === undefined
    ? { valid: false, checks: [unreadable(object.problem ?? hash.problem)] }
    : judge(groups);
  return {
    authentic: file.signature.valid && file.chain.valid && hashes.valid,
    signature: file.signature,
    chain: file.chain,
    hashes,
    groups: groups ?? [],
    securityObject: object.value,
    hashAlgorithm: hash.value,
    signer: file.signer,
    path: file.path,
    signatureAlgorithm: file.algorithm,
    deviations: [...file.deviations, ...scope(file.signer, request.groups)],
    findings,
  };
}

function fail(check: string, reason: string): CheckResult {
  return { check, status: 'failed', reason };
}

function unreadable(problem: string | undefined): CheckResult {
  return problem === undefined
    ? { check: 'hashes', status: 'skipped', reason: 'there is no security object to compare with' }
    : fail('hashes', problem);
}

/** A value, or the message of the typed error that stands in its place. */
function attempt<T>(body: () => T): { value?: T; problem?: string } {
  try {
    return { value: body() };
  } catch (error) {
    if (error instanceof EmrtdError) return { problem: error.message };
    throw error;
  }
}

function compare(
  files: ReadonlyMap<number, Uint8Array>,
  object: LdsSecurityObject,
  hash: HashName,
): GroupHash[] {
  return [...files].sort(([a], [b]) => a - b).map(([group, bytes]) => {
    const listed = object.hashes.get(group);
    if (listed === undefined) return { group, status: 'unlisted' };
    return {
      group,
      status: equalConstantTime(listed, digest(hash, bytes)) ? 'matches' : 'differs',
    };
  });
}

/** Valid when at least one group was given and every group given has the listed hash. */
function judge(groups: readonly GroupHash[]): Verdict {
  const checks = groups.map(({ group, status }): CheckResult => {
    const check = `DG${group}.hash`;
    switch (status) {
      case 'matches':
        return { check, status: 'passed', reason: 'the hash is the one in the security object' };
      case 'differs':
        return fail(check, 'the hash is not the one in the security object');
      case 'unlisted':
        return fail(check, 'the security object has no hash of it');
    }
  });
  if (groups.length === 0) {
    checks.push({ check: 'hashes', status: 'skipped', reason: 'no data group was given' });
  }
  return { valid: groups.length > 0 && groups.every(({ status }) => status === 'matches'), checks };
}

/**
 * A signer that names states or document types, and a document of another (ICAO 9303-12 7.1.1). Not
 * deciding: states write codes of their own there. Tells nothing of the document but that it differs.
 */
function scope(
  signer: Certificate | undefined,
  groups: ReadonlyMap<number, Uint8Array>,
): Deviation[] {
  const dg1 = groups.get(1);
  const mrz = dg1 && attempt(() => parseDg1(dg1).data).value;
  if (signer === undefined || mrz === undefined) return [];
  const states = attempt(() => signer.extensions.issuingStates).value ?? [];
  const types = attempt(() => signer.extensions.documentTypes).value ?? [];
  const deviations: Deviation[] = [];
  const report = (detail: string): void => {
    deviations.push({ subject: 'signer', rule: 'ICAO 9303-12 7.1.1', detail });
  };
  if (states.length > 0 && !states.some((state) => unfilled(state) === mrz.issuingState)) {
    report(`the signer is for documents of ${states.join(', ')}, the document is of another state`);
  }
  if (types.length > 0 && !types.some((type) => mrz.documentCode.startsWith(unfilled(type)))) {
    report(`the signer is for documents of type ${types.join(', ')}, the document is of another`);
  }
  return deviations;
}

function unfilled(code: string): string {
  return withoutFillers(code.trim().toUpperCase());
}
