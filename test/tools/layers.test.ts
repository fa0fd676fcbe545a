/** The layer rules refuse what they must refuse. */
import { expect, test } from 'bun:test';
import { violations } from './layers.ts';

test('the software chip may use primitives of the reader and none of its protocol code', () => {
  const allowed = ['emrtd/asn1/mod.ts', 'emrtd/crypto/mod.ts', 'emrtd/errors.ts', 'emrtd/types.ts'];
  expect(violations('emrtd/chip/chip.ts', allowed)).toEqual([]);
  for (const folder of ['access', 'auth', 'iso7816', 'lds', 'messaging', 'pki', 'reader']) {
    expect(violations('emrtd/chip/chip.ts', [`emrtd/${folder}/mod.ts`])).toHaveLength(1);
  }
});

test('the reader never imports the chip, nor a library the server', () => {
  expect(violations('emrtd/reader/mod.ts', ['emrtd/chip/mod.ts'])).toHaveLength(1);
  expect(violations('emrtd/reader/mod.ts', ['server/core/mod.ts'])).toHaveLength(1);
  expect(violations('emrtd/reader/mod.ts', ['emrtd/lds/mod.ts'])).toEqual([]);
});
