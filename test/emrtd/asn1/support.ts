/** Short forms for tests of emrtd/: bytes from hexadecimal, and code and message of a failure. */
import { EmrtdError } from '../../../emrtd/errors.ts';

/** Bytes of hexadecimal text; spaces are ignored. */
export function hex(text: string): Uint8Array {
  return Uint8Array.fromHex(text.replaceAll(' ', ''));
}

/** Code and message of the `EmrtdError` that a function throws; `none` when it throws nothing. */
export function failure(run: () => unknown): [code: string, message: string] {
  try {
    run();
  } catch (error) {
    if (error instanceof EmrtdError) return [error.code, error.message];
    throw error;
  }
  return ['none', ''];
}
