/** Standardised domain parameters by identifier (9303-11 9.5.1, Table 6). */
import { EmrtdError } from '../errors.ts';
import type { DhGroup } from './dh.ts';
import { NAMED_GROUPS } from './dh-groups.ts';
import { type Curve, curveByName } from './named-curves.ts';

/** Domain parameters of a key agreement. */
export type Domain =
  | { readonly kind: 'dh'; readonly group: DhGroup }
  | { readonly kind: 'ec'; readonly curve: Curve };

const CURVE_NAMES: ReadonlyMap<number, string> = new Map([
  [8, 'P-192'],
  [9, 'brainpoolP192r1'],
  [10, 'P-224'],
  [11, 'brainpoolP224r1'],
  [12, 'P-256'],
  [13, 'brainpoolP256r1'],
  [14, 'brainpoolP320r1'],
  [15, 'P-384'],
  [16, 'brainpoolP384r1'],
  [17, 'brainpoolP512r1'],
  [18, 'P-521'],
]);

/** Every identifier that `standardizedDomain` knows. */
export const STANDARDIZED_DOMAIN_IDS: readonly number[] = [0, 1, 2, ...CURVE_NAMES.keys()];

/** Domain parameters of an identifier. Throws CRYPTO_UNSUPPORTED for those reserved for future use. */
export function standardizedDomain(id: number): Domain {
  const group = NAMED_GROUPS[id];
  if (group !== undefined) return { kind: 'dh', group };
  const name = CURVE_NAMES.get(id);
  if (name === undefined) {
    throw new EmrtdError('CRYPTO_UNSUPPORTED', `standardised domain parameters ${id}`);
  }
  return { kind: 'ec', curve: curveByName(name) };
}
