/** Every check behind a verdict, with the procedure it belongs to: what an auditor goes through. */
import type { CheckResult, DocumentResult, PassiveResult } from '../../emrtd/mod.ts';

/** The procedures of Doc 9303-11 that checks are made for, in the terms of the result. */
export type Procedure =
  | 'access_control'
  | 'chip_authentication'
  | 'chip_authentication_mapping'
  | 'active_authentication'
  | 'sod_signature'
  | 'document_certificate'
  | 'data_group_hashes';

export interface NamedCheck extends CheckResult {
  readonly procedure: Procedure;
}

/** Checks of one procedure. */
export function named(procedure: Procedure, checks: readonly CheckResult[]): NamedCheck[] {
  return checks.map(({ check, status, reason }) => ({ procedure, check, status, reason }));
}

/** Checks of passive authentication. */
export function passiveChecks({ signature, chain, hashes }: PassiveResult): NamedCheck[] {
  return [
    ...named('sod_signature', signature.checks),
    ...named('document_certificate', chain.checks),
    ...named('data_group_hashes', hashes.checks),
  ];
}

/** Checks of a document that the server read itself. */
export function documentChecks(result: DocumentResult): NamedCheck[] {
  return [
    ...named('access_control', result.checks.filter(({ check }) => check === 'access')),
    ...named('chip_authentication', result.chipAuthentication.checks),
    ...named('chip_authentication_mapping', result.chipAuthenticationMapping.checks),
    ...named('active_authentication', result.activeAuthentication.checks),
    ...passiveChecks(result.passiveAuthentication),
  ];
}
