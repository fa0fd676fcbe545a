/**
 * EF.CardAccess against DG14 (9303-11 9.2.11): the file that decides how a chip is opened is not signed,
 * and DG14 repeats its entries. A stripped or altered copy makes the terminal use a weaker protocol.
 */
import { EmrtdError } from '../errors.ts';
import { type PaceInfo, parseSecurityInfos, type SecurityInfos } from '../lds/mod.ts';

function names(infos: readonly PaceInfo[]): Set<string> {
  return new Set(
    infos.map(({ keyAgreement, mapping, cipher, parameterId }) =>
      `PACE ${keyAgreement} ${mapping} ${cipher} ${parameterId ?? 'without parameters'}`
    ),
  );
}

function parsed(cardAccess: Uint8Array): readonly PaceInfo[] {
  try {
    return parseSecurityInfos(cardAccess, 'EF.CardAccess').data.pace;
  } catch (error) {
    if (error instanceof EmrtdError) return [];
    throw error;
  }
}

/** How the announced PACE protocols differ from those of DG14, one line each; none when they agree. */
export function unconfirmedProtocols(cardAccess: Uint8Array, dg14: SecurityInfos): string[] {
  const announced = names(parsed(cardAccess));
  const signed = names(dg14.pace);
  if (signed.size === 0 && announced.size > 0) return ['DG14 does not repeat its protocols'];
  return [
    ...[...announced].filter((name) => !signed.has(name)).map((name) => `DG14 has no ${name}`),
    ...[...signed].filter((name) => !announced.has(name)).map((name) =>
      `${name} of DG14 is missing`
    ),
  ];
}
