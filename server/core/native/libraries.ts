/**
 * Prepares the native libraries: import this first, before anything that loads ONNX Runtime or sharp,
 * in the main file and in every worker entry. The Linux build of ONNX Runtime reports usage to its
 * vendor unless the C environment says no before it loads; and inside a single binary both add-ons find
 * their shared library only when it is loaded already, by SONAME.
 */
import { dlopen, FFIType } from 'bun:ffi';
import onnxRuntime from 'onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1' with {
  type: 'file',
};
import vips from '@img/sharp-libvips-linux-x64/binary' with { type: 'file' };
import { ServerError } from '../errors.ts';

/** Another build of the ONNX Runtime library (same version), e.g. one with GPU providers beside it. */
const LIBRARY_VARIABLE = 'GATEHOUSE_ORT_LIBRARY';

const cString = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

/** `process.env` does not reach native code under Bun; libc's own setenv does. */
function disableTelemetry(): void {
  const libc = dlopen('libc.so.6', {
    setenv: { args: [FFIType.ptr, FFIType.ptr, FFIType.i32], returns: FFIType.i32 },
  });
  const name = 'ORT_DISABLE_TELEMETRY';
  if (libc.symbols.setenv(cString(name), cString('1'), 1) !== 0) {
    throw new ServerError('NATIVE_LIBRARY', `cannot set ${name}`);
  }
}

/** Loads a shared library for the rest of the process; `symbol` is any function it exports. */
function load(path: string, symbol: string): void {
  try {
    dlopen(path, { [symbol]: { args: [], returns: FFIType.ptr } });
  } catch (cause) {
    throw new ServerError('NATIVE_LIBRARY', `cannot load ${path}: run "gatehouse doctor"`, {
      cause,
    });
  }
}

disableTelemetry();
load(process.env[LIBRARY_VARIABLE] || onnxRuntime, 'OrtGetApiBase');
load(vips, 'vips_version');
