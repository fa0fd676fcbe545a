/**
 * Why a DocVal session ends early: the close reasons of the WebSocket API ("Errors during the Process")
 * with the close code of RFC 6455 that each one travels with.
 */

/** Reason -> close code; the private range 44xx mirrors HTTP 401 and 403. */
export const CLOSE_CODES = {
  TIMEOUT_WHILE_WAITING_FOR_START_MESSAGE: 1001,
  TIMEOUT_WHILE_WAITING_FOR_RESPONSE: 1001,
  NFC_CHIP_COMMUNICATION_FAILED: 1001,
  CANCELLED_BY_USER: 1001,
  UNEXPECTED_MESSAGE: 1008,
  INVALID_START_MESSAGE: 1008,
  PROTOCOL_ERROR: 1008,
  INVALID_ACCESS_KEY_VALUES: 1008,
  MAX_SESSION_TIME_EXCEEDED: 1011,
  COMMUNICATION_FAILED: 1011,
  FILE_READ_ERROR: 1011,
  EMRTD_PASSPORT_READER_ERROR: 1011,
  SERVER_ERROR: 1011,
  POST_TO_RESULT_SERVER_FAILED: 1011,
  INVALID_CLIENT_ID: 4401,
  ACCESS_CONTROL_FAILED: 4403,
} as const;

export type CloseReason = keyof typeof CLOSE_CODES;

/** Close code of a session that ran to its end; it has no reason phrase. */
export const CLOSE_NORMAL = 1000;

/** A session that has to end. The message goes to the log only and never repeats what a client sent. */
export class DocvalError extends Error {
  override readonly name = 'DocvalError';
  readonly code: CloseReason;

  constructor(code: CloseReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The error of ours that an error of the library was caused by, such as a relay that ended the session. */
export function docvalErrorIn(error: unknown): DocvalError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof DocvalError) return at;
  }
  return undefined;
}
