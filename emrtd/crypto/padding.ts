/** Padding method 2 of ISO/IEC 9797-1 (80 00 … 00), as secure messaging uses it (9303-11 9.8.2). */
import { EmrtdError } from '../errors.ts';

/** The data, one byte 80 and zeros up to the next whole block; always adds at least one byte. */
export function padIso9797(data: Uint8Array, blockSize: number): Uint8Array {
  const padded = new Uint8Array(data.length + blockSize - (data.length % blockSize));
  padded.set(data);
  padded[data.length] = 0x80;
  return padded;
}

/**
 * Takes the padding off; a view. Looks at the whole last block whatever it holds, and throws the same
 * CRYPTO_PADDING for every kind of fault.
 */
export function unpadIso9797(data: Uint8Array, blockSize: number): Uint8Array {
  const whole = data.length > 0 && data.length % blockSize === 0;
  let marker = -1;
  let clean = 1;
  for (let i = data.length - 1; i >= Math.max(0, data.length - blockSize); i--) {
    const open = marker < 0;
    if (open && data[i] === 0x80) marker = i;
    else if (open && data[i] !== 0) clean = 0;
  }
  if (!whole || marker < 0 || clean === 0) {
    throw new EmrtdError('CRYPTO_PADDING', 'padding is not that of ISO 9797-1 method 2');
  }
  return data.subarray(0, marker);
}
