import { expect, test } from 'bun:test';
import {
  bigIntToBytes,
  bitLength,
  bytesToBigInt,
  concat,
  equalConstantTime,
  fromHex,
  toHex,
  xor,
} from '../../../emrtd/crypto/mod.ts';
import { failure, hex } from '../asn1/support.ts';

test('byte strings are joined, compared and mixed', () => {
  expect(concat()).toEqual(hex(''));
  expect(concat(hex('01'), hex(''), hex('0203'))).toEqual(hex('010203'));
  expect(equalConstantTime(hex('0102'), hex('0102'))).toBe(true);
  expect(equalConstantTime(hex('0102'), hex('0103'))).toBe(false);
  expect(equalConstantTime(hex('0102'), hex('010203'))).toBe(false);
  expect(equalConstantTime(hex(''), hex(''))).toBe(true);
  expect(xor(hex('FF00'), hex('0FF0'))).toEqual(hex('F0F0'));
  expect(failure(() => xor(hex('FF'), hex('')))[0]).toBe('CRYPTO_INPUT');
});

test('hexadecimal is upper case', () => {
  expect(toHex(hex('ab01'))).toBe('AB01');
  expect(fromHex('aB01')).toEqual(hex('AB01'));
  for (const bad of ['A', 'GG', 'A B']) {
    expect(failure(() => fromHex(bad))[0]).toBe('CRYPTO_INPUT');
  }
});

test('numbers are big-endian and padded', () => {
  expect(bytesToBigInt(hex(''))).toBe(0n);
  expect(bytesToBigInt(hex('0100'))).toBe(256n);
  expect(bigIntToBytes(256n, 4)).toEqual(hex('00000100'));
  expect(bigIntToBytes(0n, 2)).toEqual(hex('0000'));
  expect(failure(() => bigIntToBytes(256n, 1))[0]).toBe('CRYPTO_INPUT');
  expect(failure(() => bigIntToBytes(-1n, 4))[0]).toBe('CRYPTO_INPUT');
  expect([0n, 1n, 255n, 256n].map(bitLength)).toEqual([0, 1, 8, 9]);
});
