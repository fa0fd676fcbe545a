/** The environment that native code reads. Under Bun `process.env` does not reach it; setenv of the C library does. */
import { dlopen, FFIType } from 'bun:ffi';
import { ServerError } from '../errors.ts';

const cString = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

/** @throws ServerError NATIVE_LIBRARY */
export function setCEnvironment(values: Readonly<Record<string, string>>): void {
  const libc = dlopen('libc.so.6', {
    setenv: { args: [FFIType.ptr, FFIType.ptr, FFIType.i32], returns: FFIType.i32 },
  });
  for (const [name, value] of Object.entries(values)) {
    if (libc.symbols.setenv(cString(name), cString(value), 1) === 0) continue;
    throw new ServerError('NATIVE_LIBRARY', `cannot set ${name}`);
  }
}
