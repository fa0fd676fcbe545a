/**
 * Child process: makes many texts, lets them go, and counts what is left of them in its own memory, before and
 * after it has been told to forget. The needle is put together anew each time, so that it is not found itself.
 */
import { forgetFreedTexts } from '../../../server/core/native/heap.ts';
import { memoryOf } from '../../../bench/secrets/memory.ts';

const TEXTS = 500;
const BACKWARDS = 'sseltsoh-1f93-tahw';

function needle(): Buffer {
  return Buffer.from(BACKWARDS).reverse();
}

function makeTexts(): number {
  const bytes = Buffer.concat([Buffer.from('Bearer gh_'), needle(), Buffer.alloc(30, 'x')]);
  const texts = Array.from({ length: TEXTS }, () => bytes.toString('latin1'));
  bytes.fill(0);
  return texts.length;
}

function count(): number {
  const wanted = needle();
  let found = 0;
  for (const { bytes } of memoryOf(process.pid)) {
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) found++;
    // a copy of the memory must not be found in the memory
    bytes.fill(0);
  }
  wanted.fill(0);
  return found;
}

makeTexts();
const before = count();
await forgetFreedTexts();
console.log(JSON.stringify({ before, after: count() }));
