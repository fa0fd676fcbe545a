import { expect, test } from 'bun:test';
import { verifyChipAuthenticationMapping } from '../../../emrtd/access/mod.ts';
import { der } from '../../../emrtd/asn1/mod.ts';
import { curveByName, encodePoint, encodeSpki, generator } from '../../../emrtd/crypto/mod.ts';
import { parseSecurityInfos } from '../../../emrtd/lds/mod.ts';

const curve = curveByName('P-256');
const point = generator(curve);
const CHIP_AUTHENTICATION_KEY = '0.4.0.127.0.7.2.2.1.2';

/** EF.CardSecurity with this many keys of another curve and then the key with private key 1. */
function linked(others: number): boolean {
  const entry = (name: string): Uint8Array => {
    const other = curveByName(name);
    const key = { kind: 'ec', curve: other, point: generator(other), parameters: 'named' } as const;
    return der.sequence(der.oid(CHIP_AUTHENTICATION_KEY), encodeSpki(key));
  };
  const entries = [...Array.from({ length: others }, () => entry('P-384')), entry('P-256')];
  const infos = parseSecurityInfos(der.sequence(...entries).with(0, 0x31)).data;
  const evidence = {
    authenticationData: Uint8Array.of(1),
    mappingKey: encodePoint(curve, point),
  };
  return verifyChipAuthenticationMapping(evidence, infos);
}

test('one of the first eight keys of EF.CardSecurity links the chip, no later one', () => {
  expect(linked(0)).toBe(true);
  expect(linked(7)).toBe(true);
  expect(linked(8)).toBe(false);
});
