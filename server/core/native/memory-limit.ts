/**
 * Limits the memory that networks may take on a device, all sessions of the process together. The Node.js
 * binding of ONNX Runtime cannot, so this asks the library itself (onnxruntime_c_api.h): an arena with a
 * limit is registered with its environment, which the process has one of, and sessions that say so use it.
 */
import { CFunction, type FFIFunction, FFIType, type Pointer, read } from 'bun:ffi';
import type { Runtime } from '../../../biometrics/runtime/backend.ts';
import { ServerError } from '../errors.ts';
import { inferenceLibrary } from './libraries.ts';

/** The first version of the C API that has all that is called here. */
const API_VERSION = 16;

/** Places in `struct OrtApi`, which only ever grows at its end. */
const GET_ERROR_MESSAGE = 2;
const CREATE_ENV = 3;
const CREATE_MEMORY_INFO = 68;
const CREATE_ARENA_CFG = 156;
const CREATE_AND_REGISTER_ALLOCATOR_V2 = 259;

/** Enumerations of the C API. */
const LOG_WARNINGS = 2, ARENA_ALLOCATOR = 1, DEFAULT_MEMORY = 0, GROW_BY_DOUBLING = 0;
/** Leaves a size to the library. */
const DEFAULT_SIZE = -1;

const { ptr: POINTER, i32: INT, u64: SIZE } = FFIType;

let limited = false;

/**
 * Call once, before the sessions are made that share the memory, and only for a backend that is known to
 * start: for one that does not, the library ends the process.
 * @param bytes at least 1
 * @throws ServerError NATIVE_LIBRARY when the library refuses, or memory is limited already
 */
export function limitMemory({ backend, device }: Omit<Runtime, 'sharedMemory'>, bytes: number) {
  // a second arena would be taken in silence, and the limit of the first one be gone
  if (limited) throw new ServerError('NATIVE_LIBRARY', 'memory is limited already');
  limited = true;
  const api = openApi();
  const onCpu = backend === 'cpu';
  const env = api.made(CREATE_ENV, [INT, POINTER], [LOG_WARNINGS, text('gatehouse')]);
  const memory = api.made(CREATE_MEMORY_INFO, [POINTER, INT, INT, INT], [
    text(onCpu ? 'Cpu' : 'Cuda'),
    ARENA_ALLOCATOR,
    onCpu ? 0 : device,
    DEFAULT_MEMORY,
  ]);
  const arena = api.made(CREATE_ARENA_CFG, [SIZE, INT, INT, INT], [
    bytes,
    GROW_BY_DOUBLING,
    DEFAULT_SIZE,
    DEFAULT_SIZE,
  ]);
  api.call(
    CREATE_AND_REGISTER_ALLOCATOR_V2,
    [POINTER, POINTER, POINTER, POINTER, POINTER, POINTER, SIZE],
    [
      env,
      text(onCpu ? 'CPUExecutionProvider' : 'CUDAExecutionProvider'),
      memory,
      arena,
      null,
      null,
      0,
    ],
  );
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(`${value}\0`);
}

interface Api {
  /** Calls a function that returns a status. */
  call(place: number, args: FFIFunction['args'], values: readonly unknown[]): void;
  /** Calls one that also makes something, whose address it writes behind its last argument. */
  made(place: number, args: FFIType[], values: readonly unknown[]): Pointer;
}

function openApi(): Api {
  const base = inferenceLibrary.symbols.OrtGetApiBase() as Pointer;
  const getApi = CFunction({ ptr: addressAt(base, 0), args: [FFIType.u32], returns: POINTER });
  const api = getApi(API_VERSION) as Pointer;
  const functionAt = (place: number, signature: FFIFunction) =>
    CFunction({ ...signature, ptr: addressAt(api, 8 * place) });
  const message = functionAt(GET_ERROR_MESSAGE, { args: [POINTER], returns: FFIType.cstring });

  const call: Api['call'] = (place, args, values) => {
    const status = functionAt(place, { args, returns: POINTER })(...values);
    if (status === null) return;
    throw new ServerError('NATIVE_LIBRARY', `ONNX Runtime: ${message(status)}`);
  };
  return {
    call,
    made(place, args, values) {
      const slot = new BigUint64Array(1);
      call(place, [...args, POINTER], [...values, slot]);
      return Number(slot[0]) as Pointer;
    },
  };
}

function addressAt(address: Pointer, offset: number): Pointer {
  return read.ptr(address, offset) as Pointer;
}
