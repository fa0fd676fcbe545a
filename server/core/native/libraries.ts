/**
 * Prepares the native libraries: import this first, before anything that loads ONNX Runtime or sharp,
 * in the main file and in every worker entry. The Linux build of ONNX Runtime reports usage to its
 * vendor unless the C environment says no before it loads; and inside a single binary both add-ons find
 * their shared library only when it is loaded already, by SONAME.
 */
import './private-temp.ts';
import { dlopen, FFIType } from 'bun:ffi';
import onnxRuntime from 'onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1' with {
  type: 'file',
};
import vips from '@img/sharp-libvips-linux-x64/binary' with { type: 'file' };
import { ServerError } from '../errors.ts';
import { setCEnvironment } from './c-environment.ts';

/** Another build of the ONNX Runtime library (same version), e.g. one with GPU providers beside it. */
const LIBRARY_VARIABLE = 'GATEHOUSE_ORT_LIBRARY';

/** What native libraries read when they start. `process.env` does not reach them under Bun; setenv does. */
const ENVIRONMENT = {
  ORT_DISABLE_TELEMETRY: '1',
  // NVIDIA's libraries would round the factors of 32-bit products to 10 bits where that is faster
  NVIDIA_TF32_OVERRIDE: '0',
} as const;

/** Loads a shared library for the rest of the process; `symbol` is any function it exports. */
function load<const Symbol extends string>(path: string, symbol: Symbol) {
  try {
    const functions = { [symbol]: { args: [], returns: FFIType.ptr } };
    return dlopen(path, functions as Record<Symbol, { args: []; returns: FFIType.ptr }>);
  } catch (cause) {
    throw new ServerError('NATIVE_LIBRARY', `cannot load ${path}: run "gatehouse doctor"`, {
      cause,
    });
  }
}

setCEnvironment(ENVIRONMENT);
/** ONNX Runtime, for what its binding cannot do. */
export const inferenceLibrary = load(
  process.env[LIBRARY_VARIABLE] || onnxRuntime,
  'OrtGetApiBase',
);
load(vips, 'vips_version');
