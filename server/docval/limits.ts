/** What one client may cost the server: time, frames and sockets. Every wait of a session ends at one of these. */

export interface DocvalLimits {
  /** From the opening of the socket to a complete start message. */
  readonly startTimeoutMs: number;
  /** For the answer to one command APDU, and for the next message of a client that has to send one. */
  readonly responseTimeoutMs: number;
  /** From the opening of the socket to its end. */
  readonly sessionTimeoutMs: number;
  /** Sockets open at one time, idle ones included; more are refused with HTTP 503. */
  readonly maxConnections: number;
  /** Documents being read at one time; a start message beyond it ends with SERVER_ERROR. */
  readonly maxReadings: number;
  /** All files of one document together, where the client sends files (v2 and v4). */
  readonly maxDocumentBytes: number;
}

/**
 * A portrait of 60 KB takes some 20 s over a slow phone; a user takes up to a minute to find the chip
 * again. The largest document seen in public test sets is below 1 MiB.
 */
export const DEFAULT_LIMITS: DocvalLimits = {
  startTimeoutMs: 10_000,
  responseTimeoutMs: 20_000,
  sessionTimeoutMs: 300_000,
  maxConnections: 12_000,
  maxReadings: 2_000,
  maxDocumentBytes: 4 * 2 ** 20,
};

/** Start and control messages are a few hundred characters. */
export const MAX_TEXT_CHARACTERS = 16_384;
/** An extended response APDU: 65,536 data bytes and the status word (ISO/IEC 7816-4 5.1). */
export const MAX_APDU_BYTES = 65_538;
/** Time for the closing handshake. */
export const CLOSE_TIMEOUT_MS = 3_000;
