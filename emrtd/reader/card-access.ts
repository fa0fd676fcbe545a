/**
 * EF.CardAccess against DG14 (9303-11 9.2.11): the file that decides how a chip is opened is not signed,
 * and DG14 repeats its entries. A stripped or altered copy makes the terminal use a weaker protocol.
 */
import type { PaceInfo, SecurityInfos } from '../lds/mod.ts';

function names(infos: readonly PaceInfo[]): Set<string> {
  return new Set(
    infos.map(({ keyAgreement, mapping, cipher, parameterId }) =>
      `PACE ${keyAgreement} ${mapping} ${cipher} ${parameterId ?? 'without parameters'}`
    ),
  );
}

/**
 * How the announced PACE protocols differ from those of DG14, one line each; none when they agree. A
 * document without EF.CardAccess announces none.
 */
export function unconfirmedProtocols(
  cardAccess: SecurityInfos | undefined,
  dg14: SecurityInfos,
): string[] {
  const announced = names(cardAccess?.pace ?? []);
  const signed = names(dg14.pace);
  if (signed.size === 0 && announced.size > 0) return ['DG14 does not repeat its protocols'];
  return [
    ...[...announced].filter((name) => !signed.has(name)).map((name) => `DG14 has no ${name}`),
    ...[...signed].filter((name) => !announced.has(name)).map((name) =>
      `${name} of DG14 is missing`
    ),
  ];
}
