/** The one error class of the server core; `code` is a closed set that API families translate into their own words. */
export type ServerErrorCode =
  /** A setting is missing, unknown or out of range. */
  | 'CONFIG_INVALID'
  /** The address cannot be listened on. */
  | 'PORT_UNAVAILABLE'
  /** The request body is larger than the limit. */
  | 'BODY_TOO_LARGE'
  /** The request body did not arrive in time. */
  | 'BODY_TIMEOUT'
  /** The connection ended before the body did. */
  | 'BODY_TRUNCATED'
  /** The body is not JSON, or JSON beyond the depth and size limits. */
  | 'JSON_INVALID'
  /** The body is not the form it should be, or a form beyond the limits. */
  | 'FORM_INVALID'
  /** Nothing more can be taken in now: queue full, memory budget spent, starting or draining. */
  | 'BUSY'
  /** The request ran past its deadline. */
  | 'DEADLINE'
  /** The client went away. */
  | 'CANCELLED'
  /** The worker that held the job ended. */
  | 'WORKER_CRASHED'
  /** The worker could not start, or its job failed in a way it has no code for. */
  | 'WORKER_FAILED'
  /** The data folder has a format of another program version, or was left half way into one. */
  | 'DATA_FORMAT'
  /** A backup is damaged, incomplete or none, or cannot be made there. */
  | 'BACKUP_INVALID'
  /** A native library could not be loaded, or refused what it was asked for. */
  | 'NATIVE_LIBRARY'
  /** The inference backend that was asked for cannot be used on this machine. */
  | 'BACKEND_UNAVAILABLE'
  /** The licence does not allow what was asked for. */
  | 'LICENCE_INVALID'
  /** The licence is bound to domains and the request names none. */
  | 'REFERER_MISSING'
  /** The request shows no API key and needs one. */
  | 'KEY_MISSING'
  /** The API key is wrong, expired or revoked; the message says which and is not for the caller. */
  | 'KEY_REFUSED'
  /** The API key is not for what was asked. */
  | 'SCOPE_MISSING'
  /** The caller asks more often than it may. */
  | 'RATE_LIMITED'
  /** The caller has shown too many wrong secrets. */
  | 'LOCKED_OUT'
  /** What has to be stored or read cannot be. */
  | 'STORAGE_FAILED';

export interface ServerErrorOptions extends ErrorOptions {
  /** When asking again makes sense. */
  readonly retryAfterS?: number;
}

export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ServerErrorCode;
  readonly retryAfterS: number | undefined;

  constructor(code: ServerErrorCode, message: string, options: ServerErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterS = options.retryAfterS;
  }
}
