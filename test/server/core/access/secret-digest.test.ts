/** Digests of secrets are plain SHA-256. */
import { expect, test } from 'bun:test';
import { digestOfSecret } from '../../../../server/core/access/secret-digest.ts';

test('is the SHA-256 of the text in UTF-8', () => {
  // FIPS 180-4 example and one of more than a byte a character
  expect(digestOfSecret('abc').toHex())
    .toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(digestOfSecret('é').toHex())
    .toBe('4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c');
});
