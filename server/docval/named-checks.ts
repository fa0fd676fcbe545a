/** Every check behind a verdict, with the procedure it belongs to: what an auditor goes through. */
import type { CheckResult, DocumentResult, PassiveResult } from '../../emrtd/mod.ts';
import type { NamedCheck, Procedure } from './passport-types.ts';

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
