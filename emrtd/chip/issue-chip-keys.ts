/** Keys of the chip itself (ICAO 9303-11 4.4.3.5, 6.1.4, 6.2.3): PACE variants, chip and active authentication. */
import { curveByName, type Domain, randomScalar, standardizedDomain } from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { Random } from '../types.ts';
import type { ActiveAuthenticationKey } from './active-authentication.ts';
import type { ChipAuthenticationKey } from './chip-authentication.ts';
import type { ChipDescription, PaceChoice } from './description.ts';
import {
  chipAuthenticationOid,
  paceOid,
  writePaceDomain,
  writePaceInfo,
} from './issue-security-infos.ts';
import type { PaceVariant } from './pace.ts';
import { seededRsaKey } from './seeded-rsa.ts';

/** A PACE variant and the entries of EF.CardAccess that announce it. */
export interface PreparedPace {
  variant: PaceVariant;
  infos: Uint8Array[];
}

/** Throws CHIP_DESCRIPTION for a mapping that the group or the cipher does not allow. */
export function paceVariant(choice: PaceChoice, random: Random): PreparedPace {
  const domain = standardizedDomain(choice.parameterId);
  const { mapping, cipher, explicitId } = choice;
  if (mapping === 'CAM' && (domain.kind === 'dh' || cipher === '3DES')) {
    throw new EmrtdError('CHIP_DESCRIPTION', 'chip authentication mapping needs a curve and AES');
  }
  const oid = paceOid(domain.kind, mapping, cipher);
  const parameterId = explicitId ?? choice.parameterId;
  const camKey = mapping === 'CAM' && domain.kind === 'ec'
    ? { curve: domain.curve, privateKey: randomScalar(domain.curve.n, random) }
    : undefined;
  return {
    variant: {
      oid,
      mapping,
      cipher,
      parameterId,
      domain,
      ...(camKey === undefined ? {} : { camKey }),
    },
    infos: [
      writePaceInfo(oid, parameterId),
      ...(explicitId === undefined ? [] : [writePaceDomain(domain, mapping, explicitId)]),
    ],
  };
}

/** The static keys of chip authentication. */
export function chipAuthenticationKeys(
  { chipAuthentication = [] }: ChipDescription,
  random: Random,
): ChipAuthenticationKey[] {
  return chipAuthentication.map(({ parameterId, cipher, keyId }) => {
    const domain = standardizedDomain(parameterId);
    return {
      oid: chipAuthenticationOid(domain.kind, cipher),
      cipher,
      domain,
      privateKey: randomScalar(orderOf(domain), random),
      ...(keyId === undefined ? {} : { keyId }),
    };
  });
}

function orderOf(domain: Domain): bigint {
  return domain.kind === 'ec' ? domain.curve.n : domain.group.q ?? domain.group.p >> 1n;
}

/** The key of active authentication, if the description asks for one. */
export function activeAuthenticationKey(
  { activeAuthentication: choice }: ChipDescription,
  random: Random,
): ActiveAuthenticationKey | undefined {
  if (choice === undefined) return undefined;
  if (choice.kind === 'rsa') {
    return {
      kind: 'rsa',
      key: 'key' in choice ? choice.key : seededRsaKey(choice.bits, random),
      hash: choice.hash,
      ...(choice.form === undefined ? {} : { form: choice.form }),
    };
  }
  const curve = curveByName(choice.curve);
  return {
    kind: 'ec',
    curve,
    privateKey: randomScalar(curve.n, random),
    hash: choice.hash,
    encoding: choice.encoding ?? 'plain',
  };
}
