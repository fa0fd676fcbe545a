/** What one chip may cost: bytes, APDUs, answers in a chain, time. Every loop of the reader ends at one of these. */

export interface SessionLimits {
  /** APDUs in one session, GET RESPONSE and repeated commands included. */
  maxApdus: number;
  /** Bytes that one elementary file may state or give. */
  maxFileBytes: number;
  /** GET RESPONSE commands for one answer. */
  maxAnswerParts: number;
  /** Time for the answer to one APDU, in milliseconds. */
  apduTimeoutMs: number;
}

/**
 * 4 MiB is four times the largest portrait in use; at 223 bytes a block it takes 18,808 APDUs. An answer
 * of 65,536 bytes comes in 256 parts of 256 bytes.
 */
export const DEFAULT_LIMITS: Readonly<SessionLimits> = {
  maxApdus: 24_000,
  maxFileBytes: 4 * 1024 * 1024,
  maxAnswerParts: 300,
  apduTimeoutMs: 10_000,
};
