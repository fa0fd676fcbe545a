/** SHA-256 as the pack formats write it. */

/** SHA-256 in lower-case hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
}
