/** SHA-256 of a secret that a client shows, without leaving copies of it in freed memory. */
import { createHash } from 'node:crypto';

/** @returns 32 bytes */
export function digestOfSecret(text: string): Uint8Array {
  // given the text itself, the library makes bytes of its own and frees them as they are
  const bytes = new TextEncoder().encode(text);
  try {
    return createHash('sha256').update(bytes).digest();
  } finally {
    bytes.fill(0);
  }
}
