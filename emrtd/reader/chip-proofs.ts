/** The proofs by chip authentication and active authentication, joined with what EF.SOD says of their keys. */
import { requestSignature, verifyActiveAuthentication } from '../auth/active-authentication.ts';
import { chipAuthenticationChoices } from '../auth/chip-authentication.ts';
import type { PassiveResult } from '../auth/passive.ts';
import { EmrtdError } from '../errors.ts';
import type { Session } from '../iso7816/mod.ts';
import type { SecurityInfos } from '../lds/mod.ts';
import type { CheckResult } from '../types.ts';
import type { ChipConnection } from './chip-connection.ts';
import { checked, type ChipProof, proofOf, unavailable } from './proof.ts';

/**
 * Whether the group that holds a key is what the issuing state signed. The chain of the signer is a
 * verdict of its own.
 */
function keyCheck(check: string, group: number, passive: PassiveResult): CheckResult {
  const status = passive.groups.find((hash) => hash.group === group)?.status;
  const authentic = status === 'matches' && passive.signature.valid;
  const reason = status === 'unlisted'
    ? `DG${group} has no hash in EF.SOD`
    : `DG${group} is not vouched for by EF.SOD`;
  return checked(check, authentic, `DG${group} is vouched for by EF.SOD`, reason);
}

/** A group that EF.SOD lists but the chip does not give may have been taken away to hide a copy. */
function withheld(check: string, group: number, passive: PassiveResult): ChipProof {
  if (passive.securityObject?.hashes.has(group) !== true) {
    return unavailable(check, `the document has no DG${group}`);
  }
  return proofOf([checked(check, false, '', `EF.SOD lists DG${group}, which could not be read`)]);
}

/** Chip authentication, judged after everything was read. `infos` is DG14, if it was read. */
export function chipAuthenticationProof(
  connection: ChipConnection,
  infos: SecurityInfos | undefined,
  passive: PassiveResult,
): ChipProof {
  const name = 'chip-authentication';
  if (infos === undefined) return withheld(name, 14, passive);
  const key = keyCheck(`${name}.key`, 14, passive);
  if (chipAuthenticationChoices(infos).length === 0) {
    const listed = passive.securityObject?.hashes.has(14) === true;
    if (listed && key.status === 'failed') return proofOf([key]);
    return unavailable(name, 'DG14 has no key for chip authentication');
  }
  const failure = connection.chipAuthenticationFailure;
  const proven = connection.chipAuthentication === 'proven';
  const why = failure?.message ?? 'no protected read has followed';
  return proofOf([
    checked(`${name}.proof`, proven, 'a protected read with the new keys succeeded', why),
    key,
  ]);
}

/** What active authentication showed, to be joined with passive authentication. */
export type ActiveAuthenticationResult =
  | { kind: 'signature'; check: CheckResult }
  | { kind: 'not-offered' };

/**
 * Has the chip sign the challenge with the key of DG15. A refusal or a wrong signature is a failed check;
 * throws only when the session itself is over.
 */
export async function runActiveAuthentication(
  connection: ChipConnection,
  session: Session,
  publicKey: Uint8Array,
  infos: SecurityInfos | undefined,
  challenge: Uint8Array,
): Promise<ActiveAuthenticationResult> {
  const name = 'active-authentication.signature';
  const request = (): Promise<Uint8Array> => requestSignature(session, publicKey, challenge);
  try {
    const signature = await connection.once(request);
    const evidence = { publicKey, challenge, signature, ...(infos === undefined ? {} : { infos }) };
    const match = verifyActiveAuthentication(evidence);
    const passed = `${match?.algorithm} with ${match?.hash}`;
    const failed = 'the signature is not by the key of DG15 over the challenge';
    return { kind: 'signature', check: checked(name, match !== undefined, passed, failed) };
  } catch (error) {
    if (!(error instanceof EmrtdError) || session.failure !== undefined) throw error;
    return { kind: 'signature', check: checked(name, false, '', error.message) };
  }
}

/** Active authentication, judged after everything was read. */
export function activeAuthenticationProof(
  result: ActiveAuthenticationResult,
  passive: PassiveResult,
): ChipProof {
  if (result.kind === 'not-offered') return withheld('active-authentication', 15, passive);
  return proofOf([result.check, keyCheck('active-authentication.key', 15, passive)]);
}
