/**
 * Judges a document whose files the client sent (v2 and v4). What a client only claims proves nothing:
 * proofs of the chip count when the server saw them itself and EF.SOD vouches for their key.
 */
import {
  chipAuthenticationChoices,
  type ChipProof,
  EmrtdError,
  parseDataGroups,
  parseDg14,
  parseDg15,
  passiveAuthentication,
  type PassiveResult,
  type SecurityInfos,
  type TrustStore,
  verifyActiveAuthentication,
} from '../../emrtd/mod.ts';
import { named, passiveChecks } from './named-checks.ts';
import type { JudgedDocument } from './passport.ts';
import { fileProblems, passiveProblems } from './passport-errors.ts';

/** Files by their names on the wire. */
export interface GivenFiles {
  readonly sod: Uint8Array;
  readonly groups: ReadonlyMap<number, Uint8Array>;
}

/** What the server saw of the chip itself; absent with v4, which has no chip. */
export interface ChipEvidence {
  /** Undefined when the client did not hand the chip over. */
  readonly chipAuthentication: { readonly proven: boolean; readonly reason: string } | undefined;
  readonly challenge: Uint8Array;
  readonly signature: Uint8Array | undefined;
}

export interface JudgeOptions {
  readonly trust: TrustStore;
  readonly at: Date;
  readonly evidence?: ChipEvidence;
}

interface Proof {
  readonly outcome: ChipProof['outcome'];
  readonly reason: string;
}

const NO_CHIP: Proof = { outcome: 'unavailable', reason: 'no chip took part' };
const NOT_OFFERED: Proof = { outcome: 'unavailable', reason: 'the document offers no such proof' };
const SPARED: Proof = { outcome: 'unavailable', reason: 'left out after chip authentication' };

function failed(reason: string): Proof {
  return { outcome: 'failed', reason };
}

const STATUS = { success: 'passed', failed: 'failed', unavailable: 'skipped' } as const;

/** The proof as a check of its own. */
function proofCheck(procedure: 'chip_authentication' | 'active_authentication', proof: Proof) {
  const { outcome, reason } = proof;
  return named(procedure, [{ check: 'chip-proof', status: STATUS[outcome], reason }]);
}

function proofError(code: 'CHIP_AUTHENTICATION' | 'ACTIVE_AUTHENTICATION', proof: Proof): string[] {
  return proof.outcome === 'failed' ? [`${code}: ${proof.reason}`] : [];
}

/** Number of a data group by its name on the wire: `dg1` to `dg16`. */
export function groupNumber(name: string): number | undefined {
  const number = Number(/^dg([1-9]|1[0-6])$/.exec(name)?.[1]);
  return Number.isNaN(number) ? undefined : number;
}

export function judgeFiles(files: GivenFiles, options: JudgeOptions): JudgedDocument {
  const { trust, at, evidence } = options;
  const passive = passiveAuthentication({ ...files, trust, at });
  const { groups, findings } = parseDataGroups(files.groups);
  const [chip, active] = evidence === undefined
    ? [NO_CHIP, NO_CHIP]
    : proofs(files, passive, evidence);
  return {
    groups,
    files,
    passive,
    chip: [chip.outcome],
    active: active.outcome,
    checks: [
      ...proofCheck('chip_authentication', chip),
      ...proofCheck('active_authentication', active),
      ...passiveChecks(passive),
    ],
    errors: [
      ...proofError('CHIP_AUTHENTICATION', chip),
      ...proofError('ACTIVE_AUTHENTICATION', active),
      ...passiveProblems(passive),
      ...fileProblems([...findings, ...passive.findings]),
    ],
  };
}

function proofs(
  { groups }: GivenFiles,
  passive: PassiveResult,
  evidence: ChipEvidence,
): [chip: Proof, active: Proof] {
  const infos = parsed(() => parseDg14(groups.get(14) ?? new Uint8Array()).data);
  const chip = chipProof(groups.get(14), infos, passive, evidence);
  const active = activeProof(groups.get(15), infos, passive, evidence);
  const { signature } = evidence;
  // with the chip proven already, clients leave out the second proof
  const spared = signature === undefined && chip.outcome === 'success';
  return [chip, spared ? SPARED : active];
}

function isListed(passive: PassiveResult, group: number): boolean {
  return passive.securityObject?.hashes.has(group) === true;
}

/** Why EF.SOD does not vouch for a group; undefined when it does. */
function unvouched(passive: PassiveResult, group: number): string | undefined {
  const matches = passive.groups.some((hash) => hash.group === group && hash.status === 'matches');
  return matches && passive.signature.valid ? undefined : `DG${group} is not vouched for by EF.SOD`;
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof EmrtdError) return undefined;
    throw error;
  }
}

function chipProof(
  dg14: Uint8Array | undefined,
  infos: SecurityInfos | undefined,
  passive: PassiveResult,
  { chipAuthentication: seen }: ChipEvidence,
): Proof {
  if (dg14 === undefined) {
    return isListed(passive, 14) ? failed('EF.SOD lists DG14, which was not sent') : NOT_OFFERED;
  }
  if (infos === undefined) return failed('DG14 cannot be read');
  if (chipAuthenticationChoices(infos).length === 0 && seen === undefined) {
    const listed = isListed(passive, 14) ? unvouched(passive, 14) : undefined;
    return listed === undefined ? NOT_OFFERED : failed(listed);
  }
  if (seen === undefined) return failed('the chip was not handed over');
  if (!seen.proven) return failed(seen.reason);
  const doubt = unvouched(passive, 14);
  return doubt === undefined ? { outcome: 'success', reason: seen.reason } : failed(doubt);
}

function activeProof(
  dg15: Uint8Array | undefined,
  infos: SecurityInfos | undefined,
  passive: PassiveResult,
  { challenge, signature }: ChipEvidence,
): Proof {
  if (dg15 === undefined) {
    return isListed(passive, 15) ? failed('EF.SOD lists DG15, which was not sent') : NOT_OFFERED;
  }
  if (signature === undefined) return failed('the chip did not sign the challenge');
  const match = parsed(() =>
    verifyActiveAuthentication({
      publicKey: parseDg15(dg15).data.publicKey,
      challenge,
      signature,
      ...(infos && { infos }),
    })
  );
  if (match === undefined) return failed('the signature is not by the key of DG15');
  const doubt = unvouched(passive, 15);
  const reason = 'the challenge is signed by the key of DG15';
  return doubt === undefined ? { outcome: 'success', reason } : failed(doubt);
}
