import { expect, test } from 'bun:test';
import { passiveAuthentication } from '../../../emrtd/auth/passive.ts';
import { TrustStore } from '../../../emrtd/pki/mod.ts';
import { describeWithData } from '../../support/shared-data.ts';
import { certificate, file, type State, STATES, storeOf } from '../pki/support/shared-files.ts';

const none = new Map<number, Uint8Array>();

function bsiGroups(...numbers: number[]): Map<number, Uint8Array> {
  return new Map(numbers.map((n) => [n, file(`bsi-tr03105/DG${n}.bin`)]));
}

function etsiGroups(): Map<number, Uint8Array> {
  const own = [1, 14, 15].map((n) => [n, file(`etsi/DG${n}.bin`)] as const);
  return new Map([...own, ...bsiGroups(2, 3, 4)]);
}

function failed(checks: { check: string; status: string }[]): string[] {
  return checks.filter(({ status }) => status === 'failed').map(({ check }) => check);
}

describeWithData('SODs of real documents', ['emrtd/sod', 'emrtd/csca'], () => {
  for (const state of Object.keys(STATES) as State[]) {
    const { at, groups, version, hash } = STATES[state];
    test(`${state}: signature and chain are valid against the CSCA of the state`, () => {
      const result = passiveAuthentication({
        sod: file(`sod/${state}.bin`),
        groups: none,
        trust: storeOf(`csca/${state}.cer`),
        at,
      });
      expect(failed(result.signature.checks)).toEqual([]);
      expect(failed(result.chain.checks)).toEqual([]);
      expect(result.signature.valid).toBe(true);
      expect(result.chain.valid).toBe(true);
      expect(result.signer?.fingerprint).toBe(certificate(`dsc/${state}.cer`).fingerprint);
      expect(result.path.map(({ fingerprint }) => fingerprint)).toEqual([
        certificate(`dsc/${state}.cer`).fingerprint,
        certificate(`csca/${state}.cer`).fingerprint,
      ]);
      expect([...result.securityObject?.hashes.keys() ?? []]).toEqual([...groups]);
      expect(result.securityObject?.version).toBe(version);
      expect(result.hashAlgorithm).toBe(hash);
    });

    test(`${state}: nothing is authentic without data groups, trust or the right time`, () => {
      const sod = file(`sod/${state}.bin`);
      const trust = storeOf(`csca/${state}.cer`);
      const without = passiveAuthentication({ sod, groups: none, trust, at });
      expect(without.hashes.valid).toBe(false);
      expect(without.authentic).toBe(false);
      const untrusted = passiveAuthentication({ sod, groups: none, trust: TrustStore.empty, at });
      expect(untrusted.signature.valid).toBe(true);
      expect(failed(untrusted.chain.checks)).toEqual(['anchor.found']);
      const late = passiveAuthentication({ sod, groups: none, trust, at: new Date('2045-01-01') });
      expect(late.chain.valid).toBe(false);
      expect(failed(late.chain.checks)).toEqual([
        'signer.validity-period',
        'anchor.validity-period',
      ]);
    });
  }

  test('the CSCA of another state does not vouch', () => {
    const result = passiveAuthentication({
      sod: file('sod/AT.bin'),
      groups: none,
      trust: storeOf('csca/DE.cer', 'csca/FR.cer'),
      at: STATES.AT.at,
    });
    expect(result.chain.valid).toBe(false);
  });

  test('a CSCA with the same name and another key does not vouch', () => {
    const { chain } = passiveAuthentication({
      sod: file('sod/DE.bin'),
      groups: none,
      trust: storeOf('csca/DE-2024.cer'),
      at: new Date('2025-01-01'),
    });
    expect(chain.valid).toBe(false);
    expect(chain.checks.at(-1)?.reason).toContain('none with the key identifier named');
  });

  for (const [state, hash] of [['AT', 'SHA-256'], ['DE', 'SHA-384']] as const) {
    test(`${state}: DG14 of the document is authentic`, () => {
      const dg14 = file(`dg/dg14-${state}.bin`);
      const result = passiveAuthentication({
        sod: file(`sod/${state}.bin`),
        groups: new Map([[14, dg14]]),
        trust: storeOf(`csca/${state}.cer`),
        at: STATES[state].at,
      });
      expect(result.authentic).toBe(true);
      expect(result.hashAlgorithm).toBe(hash);
      expect(result.groups).toEqual([{ group: 14, status: 'matches' }]);
    });
  }

  test('a data group with one bit changed is not authentic, and the other verdicts stand', () => {
    const dg14 = file('dg/dg14-DE.bin').slice();
    dg14[dg14.length - 1] ^= 1;
    const result = passiveAuthentication({
      sod: file('sod/DE.bin'),
      groups: new Map([[14, dg14]]),
      trust: storeOf('csca/DE.cer'),
      at: STATES.DE.at,
    });
    expect(result.authentic).toBe(false);
    expect([result.signature.valid, result.chain.valid, result.hashes.valid])
      .toEqual([true, true, false]);
    expect(failed(result.hashes.checks)).toEqual(['DG14.hash']);
  });

  test('each bit of the signature of a SOD matters', () => {
    const original = file('sod/FR.bin');
    const trust = storeOf('csca/FR.cer');
    for (const back of [1, 17, 64, 130, 255]) {
      const sod = original.slice();
      sod[sod.length - back] ^= 0x10;
      const result = passiveAuthentication({ sod, groups: none, trust, at: STATES.FR.at });
      expect(result.signature.valid).toBe(false);
    }
  });
});

describeWithData('specimen documents', ['emrtd/bsi-tr03105', 'emrtd/etsi'], () => {
  test('BSI: five groups match, signature valid, no CSCA: chain fails', () => {
    const result = passiveAuthentication({
      sod: file('bsi-tr03105/SOD.bin'),
      groups: bsiGroups(1, 2, 3, 4, 14),
      trust: storeOf('csca/DE.cer'),
      at: new Date('2014-06-01'),
    });
    expect([result.signature.valid, result.chain.valid, result.hashes.valid])
      .toEqual([true, false, true]);
    expect(result.authentic).toBe(false);
  });

  test('BSI: DG15 is not in the security object, so nothing vouches for it', () => {
    const result = passiveAuthentication({
      sod: file('bsi-tr03105/SOD.bin'),
      groups: bsiGroups(1, 15),
      trust: TrustStore.empty,
      at: new Date('2014-06-01'),
    });
    expect(result.groups).toEqual([
      { group: 1, status: 'matches' },
      { group: 15, status: 'unlisted' },
    ]);
    expect(result.hashes.valid).toBe(false);
  });

  test('ETSI: six groups match, signature valid, chain fails', () => {
    const result = passiveAuthentication({
      sod: file('etsi/SOD.bin'),
      groups: etsiGroups(),
      trust: TrustStore.empty,
      at: new Date('2012-01-01'),
    });
    expect(result.groups.map(({ status }) => status)).toEqual(Array(6).fill('matches'));
    expect([result.signature.valid, result.chain.valid, result.hashes.valid])
      .toEqual([true, false, true]);
    expect(result.signatureAlgorithm).toBe('RSASSA-PSS SHA-256 (MGF1 SHA-256, salt 32)');
  });
});

describeWithData('altered SODs', ['emrtd/sod/altered'], () => {
  function judge(name: string) {
    return passiveAuthentication({
      sod: file(`sod/altered/${name}.bin`),
      groups: etsiGroups(),
      trust: TrustStore.empty,
      at: new Date('2012-01-01'),
    });
  }

  test('a changed hash: the message digest differs, the signature of the attributes is right', () => {
    const { signature, hashes } = judge('dg1-hash-changed');
    expect(signature.valid).toBe(false);
    expect(failed(signature.checks)).toEqual(['message-digest']);
    expect(signature.checks.find(({ check }) => check === 'signature')?.status).toBe('passed');
    expect(failed(hashes.checks)).toEqual(['DG1.hash']);
  });

  test('a changed signature: digest right, signature wrong', () => {
    const { signature, hashes } = judge('signature-last-byte-changed');
    expect(signature.valid).toBe(false);
    expect(failed(signature.checks)).toEqual(['signature']);
    expect(hashes.valid).toBe(true);
  });

  test('another message than SignedData: refused while parsing', () => {
    const { signature, chain, hashes, signer } = judge('outer-type-not-signed-data');
    expect(failed(signature.checks)).toEqual(['signed-data']);
    expect([signature.valid, chain.valid, hashes.valid, signer]).toEqual(
      [false, false, false, undefined],
    );
  });

  test('content type id-data with an edited attribute: digest right, signature wrong', () => {
    const { signature, deviations } = judge('content-type-id-data');
    expect(signature.valid).toBe(false);
    expect(failed(signature.checks)).toEqual(['signature']);
    expect(deviations.map(({ detail }) => detail).join()).toContain('1.2.840.113549.1.7.1');
  });
});

test('garbage instead of EF.SOD is a failed check, never an exception', () => {
  for (const sod of [new Uint8Array(), Uint8Array.of(0x77, 0), Uint8Array.of(0x77, 2, 0x30, 0)]) {
    const result = passiveAuthentication({
      sod,
      groups: none,
      trust: TrustStore.empty,
      at: new Date(0),
    });
    expect(result.authentic).toBe(false);
    expect(failed(result.signature.checks)).toEqual(['signed-data']);
    expect(result.chain.valid || result.hashes.valid).toBe(false);
  }
});
