import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { encodeAsPoint, pseudoRandomFunction } from '../../../emrtd/access/integrated-mapping.ts';
import {
  bigIntToBytes,
  type CipherName,
  curveByName,
  encodePoint,
  isOnCurve,
  keyLength,
} from '../../../emrtd/crypto/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { hex, toHex } from '../iso7816/scripted-chip.ts';

const H1 = 'emrtd/vectors/icao-H1-pace-ecdh-im.json';

describeWithData('integrated mapping, worked example of 9303-11 H.1', [H1], () => {
  test('pseudo-random function and point encoding', async () => {
    const vector = await Bun.file(sharedPath(H1)).json();
    const curve = curveByName('brainpoolP256r1');
    const s = hex(vector.nonce);
    const t = hex(vector.terminalMappingNonce);
    const number = pseudoRandomFunction('AES-128', s, t, curve.p);
    expect(toHex(bigIntToBytes(number, 32))).toBe(vector.pseudoRandom);
    expect(toHex(encodePoint(curve, encodeAsPoint(curve, number)))).toBe(vector.mappedGenerator);
  });
});

describe('integrated mapping', () => {
  test.each([['3DES', 16], ['AES-128', 16], ['AES-192', 32], ['AES-256', 32]] as const)(
    '%s: s has %d bytes, t those of a key; others are refused',
    (cipher: CipherName, nonceLength) => {
      const { p } = curveByName('P-256');
      const s = new Uint8Array(nonceLength).fill(1);
      const t = new Uint8Array(keyLength(cipher)).fill(2);
      const number = pseudoRandomFunction(cipher, s, t, p);
      expect(number > 0n && number < p).toBe(true);
      for (const [otherS, otherT] of [[s.subarray(1), t], [s, t.subarray(1)]]) {
        expect(() => pseudoRandomFunction(cipher, otherS, otherT, p)).toThrow(
          expect.objectContaining({ code: 'CRYPTO_INPUT' }),
        );
      }
    },
  );

  test.each(['P-256', 'P-521', 'brainpoolP192r1', 'brainpoolP512r1'])(
    'every element of the field of %s is a point of the curve',
    (name) => {
      const curve = curveByName(name);
      // 0, 1 and -1 have no point.
      const element = fc.bigInt({ min: 2n, max: curve.p - 2n });
      fc.assert(
        fc.property(element, (t) => {
          expect(isOnCurve(curve, encodeAsPoint(curve, t))).toBe(true);
        }),
        { numRuns: 30 },
      );
    },
  );

  test('P-224 is refused', () => {
    expect(() => encodeAsPoint(curveByName('P-224'), 5n)).toThrow(
      expect.objectContaining({ code: 'CRYPTO_UNSUPPORTED' }),
    );
  });
});
