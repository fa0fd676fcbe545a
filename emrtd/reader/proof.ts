/**
 * Whether the chip was proven not to be a copy, from what the protocols showed and from what passive
 * authentication says of the keys they used (9303-11 6.1, 6.2, 4.4.3.5.2). Every proof starts as failed.
 */
import type { CheckResult } from '../types.ts';

/** `unavailable`: the signed contents of the document offer no such proof. */
export type ProofOutcome = 'success' | 'failed' | 'unavailable';

export interface ChipProof {
  outcome: ProofOutcome;
  checks: CheckResult[];
}

/** A proof that the document does not offer. */
export function unavailable(check: string, reason: string): ChipProof {
  return { outcome: 'unavailable', checks: [{ check, status: 'skipped', reason }] };
}

/** One check by its condition. */
export function checked(
  check: string,
  ok: boolean,
  passed: string,
  failed: string,
): CheckResult {
  return { check, status: ok ? 'passed' : 'failed', reason: ok ? passed : failed };
}

/** A proof that rests on these checks: all of them must have passed. */
export function proofOf(checks: CheckResult[]): ChipProof {
  const success = checks.length > 0 && checks.every(({ status }) => status === 'passed');
  return { outcome: success ? 'success' : 'failed', checks };
}
