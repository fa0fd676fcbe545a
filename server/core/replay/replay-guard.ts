/** Remembers what may be used once, for as long as it could be used again. */
export interface ReplayGuard {
  /** What is remembered, as far as it was counted. */
  readonly size: number;
  /**
   * Remembers a nonce.
   * @returns false when it was seen before, on whichever node
   * @throws ServerError BUSY when nothing more can be remembered, STORAGE_FAILED: it must not be let in
   */
  take(nonce: Uint8Array, nowMs: number): boolean | Promise<boolean>;
}
