/**
 * Gives freed memory back to the system, and overwrites what stays. Loading networks leaves tens of megabytes of
 * free blocks in the C library's heaps, which it would keep for the life of the process; and what requests were
 * about, people and keys, would stay in freed blocks until something else takes their place.
 */
import { dlopen, FFIType } from 'bun:ffi';
import { forgetLastMatch } from './forget.ts';

const libc = dlopen('libc.so.6', {
  malloc_trim: { args: [FFIType.u64], returns: FFIType.i32 },
  mallopt: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 },
});

/** Collects garbage of this thread and trims all C heaps of the process. Takes some milliseconds. */
export function releaseFreeMemory(): void {
  Bun.gc(true);
  libc.symbols.malloc_trim(0);
}

/** Of mallopt(3). */
const M_PERTURB = -6;
const FILLING = 0x55;

/**
 * From now on the C library overwrites each block that is freed: pictures that native code has decoded are in
 * its heaps. For the whole process.
 */
export function overwriteFreedBlocks(): void {
  libc.symbols.mallopt(M_PERTURB, FILLING);
}

/** Texts by length: the shorter, the more of them there are at one time. */
const LENGTHS = [
  { upTo: 512, step: 16, count: 4000 },
  { upTo: 1024, step: 16, count: 500 },
  { upTo: 4096, step: 64, count: 100 },
] as const;
const BLANK = Buffer.alloc(4096, ' ');

/**
 * Overwrites free blocks of the heap that this thread has its texts in: the runtime does not, so new texts of
 * every length take their places. Best effort, in slices of some milliseconds, for after a collection.
 */
async function overwriteFreeTexts(): Promise<void> {
  let length = 0;
  for (const { upTo, step, count } of LENGTHS) {
    while (length < upTo) {
      length += step;
      // all at one time, so that each has a block of its own
      Array.from({ length: count }, () => BLANK.toString('latin1', 0, length));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** For a thread that handles texts of people. */
export async function forgetFreedTexts(): Promise<void> {
  forgetLastMatch();
  releaseFreeMemory();
  await overwriteFreeTexts();
}
