import { expect, test } from 'bun:test';
import { parseSecurityInfos } from '../../../emrtd/lds/mod.ts';
import { TrustStore, verifyTrustedContent } from '../../../emrtd/pki/mod.ts';
import { describeWithData } from '../../support/shared-data.ts';
import { certificate, file, storeOf } from './support/shared-files.ts';

/** SecurityInfos signed for EF.CardSecurity (BSI TR-03110-3 A.1.2.5). */
const SECURITY_OBJECT = '0.4.0.127.0.7.3.2.1';

describeWithData('EF.CardSecurity of a real document', ['emrtd/cardsecurity', 'emrtd/csca'], () => {
  function verify(trust: TrustStore, bytes = file('cardsecurity/DE.bin')) {
    return verifyTrustedContent(bytes, {
      name: 'EF.CardSecurity',
      contentType: SECURITY_OBJECT,
      trust,
      at: new Date('2024-06-01'),
    });
  }

  test('signature and chain are valid, the content is what the manifest states', () => {
    const result = verify(storeOf('csca/DE.cer'));
    expect([result.signature.valid, result.chain.valid]).toEqual([true, true]);
    expect(result.algorithm).toBe('ECDSA SHA-384');
    expect(result.signer?.fingerprint).toBe(certificate('dsc/DE.cer').fingerprint);
    const infos = parseSecurityInfos(result.content ?? new Uint8Array());
    expect(JSON.stringify(infos, (_, v) => (typeof v === 'bigint' ? String(v) : v)).length)
      .toBeGreaterThan(100);
  });

  test('without trust the chain fails; one changed bit of the content breaks the digest', () => {
    const untrusted = verify(TrustStore.empty);
    expect([untrusted.signature.valid, untrusted.chain.valid]).toEqual([true, false]);
    const altered = file('cardsecurity/DE.bin').slice();
    altered[100] ^= 1;
    const result = verify(storeOf('csca/DE.cer'), altered);
    expect(result.signature.valid).toBe(false);
  });
});
