/**
 * No core dumps: what is in the memory of a command, keys and people's pictures, does not reach the disk when it
 * crashes, whatever the machine is set to; nor can other processes of the same user read it.
 */
import { dlopen, FFIType } from 'bun:ffi';
import { ServerError } from '../server/core/errors.ts';

/** Of prctl(2) and setrlimit(2) on Linux. */
const PR_SET_DUMPABLE = 4;
const RLIMIT_CORE = 4;
/** Two numbers of 64 bits: the limit now, and the most it can be raised to. */
const NOTHING = new BigUint64Array([0n, 0n]);

/** For the whole process, and for good. @throws ServerError NATIVE_LIBRARY */
export function refuseCoreDumps(): void {
  const libc = dlopen('libc.so.6', {
    prctl: { args: [FFIType.i32, FFIType.u64], returns: FFIType.i32 },
    setrlimit: { args: [FFIType.i32, FFIType.ptr], returns: FFIType.i32 },
  });
  // where a sandbox lets nobody change limits, it has set its own
  libc.symbols.setrlimit(RLIMIT_CORE, NOTHING);
  if (libc.symbols.prctl(PR_SET_DUMPABLE, 0n) !== 0) {
    throw new ServerError('NATIVE_LIBRARY', 'core dumps cannot be switched off');
  }
}
