/**
 * Damaged EF.CardAccess, DG14 and EF.CardSecurity, with explicit parameters, up to the groups and keys that
 * the protocols would use. FUZZ_RUNS sets the runs; 150 otherwise.
 */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  paceChoices,
  parseStaticKey,
  verifyChipAuthenticationMapping,
} from '../../../emrtd/access/mod.ts';
import { der } from '../../../emrtd/asn1/mod.ts';
import {
  curveByName,
  encodeEcParameters,
  encodePoint,
  encodeSpki,
  generator,
  standardizedDomain,
} from '../../../emrtd/crypto/mod.ts';
import { EmrtdError } from '../../../emrtd/errors.ts';
import { parseSecurityInfos } from '../../../emrtd/lds/mod.ts';
import { mutated } from '../asn1/corpus.ts';
import { Executions, testExecutions } from '../support/executions.ts';

const numRuns = Number(process.env.FUZZ_RUNS ?? 150);
/** No key or parameter is longer than that of a group of 2048 bits. */
const MAX_ARRAY = 2048;
const PACE = '0.4.0.127.0.7.2.2.4';
const CHIP_AUTHENTICATION = '0.4.0.127.0.7.2.2.3';
const CHIP_AUTHENTICATION_KEY = '0.4.0.127.0.7.2.2.1';
const executions = new Executions();

/** Everything that a chip can announce over one curve or group, the parameters written out. */
function announcement(curveName: string): Uint8Array {
  const curve = curveByName(curveName);
  const point = generator(curve);
  const domain = standardizedDomain(2);
  if (domain.kind !== 'dh') throw new Error('not a group');
  const { p, g, q = 0n } = domain.group;
  const [id, version] = [der.integer(40), der.integer(2)];
  const ecParameters = der.sequence(der.oid('1.2.840.10045.2.1'), encodeEcParameters(curve));
  const dhParameters = der.sequence(
    der.oid('1.2.840.10046.2.1'),
    der.sequence(der.integer(p), der.integer(g), der.integer(q)),
  );
  return der.set(
    der.sequence(der.oid(`${PACE}.2.2`), version, id),
    der.sequence(der.oid(`${PACE}.2`), ecParameters, id),
    der.sequence(der.oid(`${PACE}.1.2`), version, id),
    der.sequence(der.oid(`${PACE}.1`), dhParameters, id),
    der.sequence(der.oid(`${CHIP_AUTHENTICATION}.2.2`), der.integer(1)),
    der.sequence(
      der.oid(`${CHIP_AUTHENTICATION_KEY}.2`),
      encodeSpki({ kind: 'ec', curve, point, parameters: 'explicit' }),
    ),
    der.sequence(
      der.oid(`${CHIP_AUTHENTICATION_KEY}.1`),
      encodeSpki({ kind: 'dh', group: domain.group, value: g }),
    ),
  );
}

/** How many protocols and keys come out; a key that cannot be used is none. */
function use(bytes: Uint8Array): number {
  const infos = parseSecurityInfos(bytes).data;
  const curve = curveByName('P-256');
  verifyChipAuthenticationMapping({
    authenticationData: Uint8Array.of(5),
    mappingKey: encodePoint(curve, generator(curve)),
  }, infos);
  const keys = infos.chipAuthenticationPublicKeys.filter(({ publicKey }) => {
    try {
      return parseStaticKey(publicKey, 'DG14');
    } catch (error) {
      if (error instanceof EmrtdError) return false;
      throw error;
    }
  });
  return paceChoices(infos).length + keys.length;
}

test('damaged announcements give choices and keys or a typed error', () => {
  const seeds = ['P-192', 'P-256', 'brainpoolP320r1', 'P-521'].map(announcement);
  for (const seed of seeds) expect(use(seed)).toBe(4);
  fc.assert(
    fc.property(mutated(seeds), (bytes) => void executions.run(() => use(bytes))),
    { numRuns },
  );
}, 4 * 3600_000);

testExecutions(new Map([['announcements', executions]]), MAX_ARRAY);
