import { describe, expect, test } from 'bun:test';
import { der } from '../../../emrtd/asn1/mod.ts';
import { paceChoices } from '../../../emrtd/access/mod.ts';
import { curveByName, encodeEcParameters, standardizedDomain } from '../../../emrtd/crypto/mod.ts';
import { parseSecurityInfos } from '../../../emrtd/lds/mod.ts';

const PACE = '0.4.0.127.0.7.2.2.4';

function info(oid: string, parameterId?: number): Uint8Array {
  const id = parameterId === undefined ? [] : [der.integer(parameterId)];
  return der.sequence(der.oid(`${PACE}.${oid}`), der.integer(2), ...id);
}

function domain(oid: string, algorithm: Uint8Array, parameterId?: number): Uint8Array {
  const id = parameterId === undefined ? [] : [der.integer(parameterId)];
  return der.sequence(der.oid(`${PACE}.${oid}`), algorithm, ...id);
}

/** What is chosen, best first, as mapping, cipher and domain. */
function chosen(...entries: Uint8Array[]): string[] {
  return paceChoices(parseSecurityInfos(der.set(...entries)).data)
    .map(({ info, domainName }) => `${info.mapping} ${info.cipher} ${domainName}`);
}

const ecExplicit = (name: string): Uint8Array =>
  der.sequence(der.oid('1.2.840.10045.2.1'), encodeEcParameters(curveByName(name)));

describe('which PACE protocol is used', () => {
  test('chip authentication mapping first, curves before groups, strong ciphers first', () => {
    expect(chosen(info('2.2', 13), info('1.4', 0), info('6.2', 13), info('2.4', 12))).toEqual([
      'CAM AES-128 brainpoolP256r1',
      'GM AES-256 P-256',
      'GM AES-128 brainpoolP256r1',
      expect.stringContaining('GM AES-256'),
    ]);
  });

  test('every standardised domain', () => {
    for (const id of [0, 1, 2]) expect(chosen(info('1.2', id)).length).toBe(1);
    for (let id = 8; id <= 18; id++) expect(chosen(info('2.2', id)).length).toBe(1);
  });

  test('what cannot be run is left out', () => {
    expect(chosen(info('2.2', 7))).toEqual([]);
    expect(chosen(info('2.2', 0))).toEqual([]);
    expect(chosen(info('1.2', 13))).toEqual([]);
    expect(chosen(info('2.2'))).toEqual([]);
  });

  test('integrated mapping has no P-224 (9303-11 Appendix B)', () => {
    expect(chosen(info('4.2', 10))).toEqual([]);
    expect(chosen(info('4.2', 18))).toEqual(['IM AES-128 P-521']);
  });

  test('explicit parameters by id, and by being the only ones', () => {
    const explicit = ecExplicit('brainpoolP384r1');
    expect(chosen(info('2.2', 40), domain('2', explicit, 40))).toEqual([
      'GM AES-128 brainpoolP384r1',
    ]);
    expect(chosen(info('2.2'), domain('2', explicit))).toEqual(['GM AES-128 brainpoolP384r1']);
    expect(chosen(info('2.2', 41), domain('2', explicit, 40))).toEqual([]);
    expect(chosen(info('2.2', 40), domain('4', explicit, 40))).toEqual([]);
  });

  test('explicit parameters as a number, as a named curve, and for groups', () => {
    const number = der.sequence(der.oid('0.4.0.127.0.7.1.2'), der.integer(13));
    expect(chosen(info('2.2', 40), domain('2', number, 40))).toEqual([
      'GM AES-128 brainpoolP256r1',
    ]);
    const named = der.sequence(der.oid('1.2.840.10045.2.1'), der.oid('1.3.132.0.34'));
    expect(chosen(info('2.2', 40), domain('2', named, 40))).toEqual(['GM AES-128 P-384']);
    const dh = standardizedDomain(1);
    if (dh.kind !== 'dh') throw new Error('not a group');
    const { p, g, q = 0n } = dh.group;
    const parameters = der.sequence(der.integer(p), der.integer(g), der.integer(q));
    const group = der.sequence(der.oid('1.2.840.10046.2.1'), parameters);
    expect(chosen(info('1.2', 40), domain('1', group, 40))).toEqual([
      `GM AES-128 ${dh.group.name}`,
    ]);
  });

  test('a chip that offers many explicit parameters has the first four looked at', () => {
    const entries = (count: number): Uint8Array[] =>
      Array.from({ length: count }, (_, i) => [
        info('2.2', 40 + i),
        domain('2', ecExplicit('brainpoolP256r1'), 40 + i),
      ]).flat();
    expect(chosen(...entries(4)).length).toBe(4);
    expect(chosen(...entries(20), info('2.1', 13))).toEqual([
      ...Array.from({ length: 4 }, () => 'GM AES-128 brainpoolP256r1'),
      'GM 3DES brainpoolP256r1',
    ]);
  });

  test('explicit parameters that are not sound are left out', () => {
    const weak = der.sequence(
      der.oid('1.2.840.10046.2.1'),
      der.sequence(der.integer(15n), der.integer(2n), der.integer(7n)),
    );
    expect(chosen(info('1.2', 40), domain('1', weak, 40))).toEqual([]);
    const unknown = der.sequence(der.oid('1.2.3.4'), der.nul());
    expect(chosen(info('2.2', 40), domain('2', unknown, 40))).toEqual([]);
  });
});
