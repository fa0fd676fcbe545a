/** A repeatable source of random bytes: SHA-256 over a seed and a counter. For tests and demonstrations only. */
import { digest } from '../crypto/mod.ts';
import type { Random } from '../types.ts';

/** Bytes that depend on the seed and on what was drawn before, and on nothing else. */
export function seededRandom(seed: string): Random {
  const key = new TextEncoder().encode(seed);
  let counter = 0;
  let pool = new Uint8Array();
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      if (pool.length === 0) {
        const block = new Uint8Array(8);
        new DataView(block.buffer).setBigUint64(0, BigInt(counter++));
        pool = new Uint8Array(digest('SHA-256', key, block));
      }
      const part = pool.subarray(0, length - filled);
      bytes.set(part, filled);
      filled += part.length;
      pool = pool.subarray(part.length);
    }
    return bytes;
  };
}
