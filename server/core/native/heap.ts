/**
 * Gives freed memory back to the system. Loading networks leaves tens of megabytes of free blocks in
 * the C library's heaps, which it would keep for the life of the process.
 */
import { dlopen, FFIType } from 'bun:ffi';

/** Collects garbage of this thread and trims all C heaps of the process. Takes some milliseconds. */
export function releaseFreeMemory(): void {
  Bun.gc(true);
  const libc = dlopen('libc.so.6', {
    malloc_trim: { args: [FFIType.u64], returns: FFIType.i32 },
  });
  libc.symbols.malloc_trim(0);
}
