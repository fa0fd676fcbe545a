/** Licences for tests: a vendor made up for the run, claims that are good unless changed, and servers under them. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';
import {
  FEATURES,
  type Licence,
  LICENCE_ALGORITHM,
  LICENCE_TYPE,
} from '../../../server/core/licence/format.ts';
import { Licensing } from '../../../server/core/licence/licensing.ts';
import { vendorKeyId, type VendorKeys } from '../../../server/core/licence/vendor-keys.ts';
import { Records, type RecordsOptions } from '../../../server/core/records.ts';

export const DAY_S = 86_400;
/** The time that licences of tests are issued at: 2026-11-01. */
export const ISSUED_S = Date.UTC(2026, 10, 1) / 1000;

export interface Vendor {
  readonly key: KeyObject;
  readonly keys: VendorKeys;
  /** Signs whatever it is given as a licence. */
  issue(claims: unknown, header?: Record<string, unknown>): Promise<string>;
}

export async function makeVendor(): Promise<Vendor> {
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const publicKey = createPublicKey(key);
  const kid = await vendorKeyId(publicKey);
  return {
    key,
    keys: new Map([[kid, publicKey]]),
    issue: (claims, header = {}) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
        .setProtectedHeader({ alg: LICENCE_ALGORITHM, typ: LICENCE_TYPE, kid, ...header })
        .sign(key),
  };
}

/** A licence of thirty days for everything, from anywhere. */
export function claimsOf(changes: Partial<Licence> = {}): Licence {
  return {
    jti: 'L-1',
    iss: 'Vendor',
    sub: 'Bank of Utopia',
    iat: ISSUED_S,
    nbf: ISSUED_S,
    exp: ISSUED_S + 30 * DAY_S,
    grace_days: 10,
    domains: [],
    features: Object.keys(FEATURES),
    ...changes,
  };
}

/** A licence that is valid now, over records in memory or the ones given. */
export function licensed(
  changes: Partial<Licence> = {},
  options: RecordsOptions & { records?: Records } = {},
): Licensing {
  const nowS = Math.floor(Date.now() / 1000);
  const times = { iat: nowS, nbf: nowS - DAY_S, exp: nowS + 30 * DAY_S };
  const records = options.records ?? Records.inMemory(options);
  const licence = claimsOf({ ...times, ...changes });
  return new Licensing(records, records.newLedger(licence), licence, options.log);
}
