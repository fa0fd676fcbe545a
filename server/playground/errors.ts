/** The error table of the compare page: what a person can do something about, each with its HTTP status. */
import { FaceError } from '../../biometrics/errors.ts';
import { refusalOf } from '../core/access/refusal.ts';
import { ServerError } from '../core/errors.ts';
import type { ErrorCode, Side } from './answer.ts';

const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  REQUEST_INVALID: 400,
  REQUEST_TOO_LARGE: 413,
  PHOTO_EMPTY: 422,
  PHOTO_UNSUPPORTED: 422,
  PHOTO_DAMAGED: 422,
  PHOTO_TOO_LARGE: 422,
  NO_FACE: 422,
  LICENCE_INVALID: 403,
  KEY_REFUSED: 401,
  TOO_MANY_REQUESTS: 429,
  BUSY: 503,
  TIMEOUT: 503,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  INTERNAL: 500,
};

interface PlaygroundErrorOptions extends ErrorOptions {
  readonly photo?: Side;
  /** Where it differs from the table's. */
  readonly http?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export class PlaygroundError extends Error {
  override readonly name = 'PlaygroundError';
  readonly code: ErrorCode;
  /** The photo it is about, where it is about one. */
  readonly photo: Side | undefined;

  readonly http: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, options: PlaygroundErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.photo = options.photo;
    this.http = options.http ?? HTTP_STATUS[code];
    this.headers = options.headers ?? {};
  }
}

/** Seconds after which a busy server may be tried again. */
const RETRY = { 'Retry-After': '1' };

export function busy(message: string, options: ErrorOptions = {}): PlaygroundError {
  return new PlaygroundError('BUSY', message, { ...options, headers: RETRY });
}

export function wrongMethod(allow: string): PlaygroundError {
  return new PlaygroundError('METHOD_NOT_ALLOWED', `only ${allow} is allowed here`, {
    headers: { Allow: allow },
  });
}

/** The row for anything the use case may throw. */
export function toPlaygroundError(error: unknown): PlaygroundError {
  if (error instanceof PlaygroundError) return error;
  const options = { cause: error };
  if (!(error instanceof ServerError)) {
    return new PlaygroundError('INTERNAL', 'Server error', options);
  }
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    const { http, message, headers } = refusal;
    const code = http === 429 ? 'TOO_MANY_REQUESTS' : 'KEY_REFUSED';
    return new PlaygroundError(code, message, { ...options, http, headers });
  }
  switch (error.code) {
    case 'BODY_TOO_LARGE':
      return new PlaygroundError('REQUEST_TOO_LARGE', error.message, options);
    case 'BODY_TIMEOUT':
    case 'BODY_TRUNCATED':
    case 'FORM_INVALID':
      return new PlaygroundError('REQUEST_INVALID', error.message, options);
    case 'LICENCE_INVALID':
      return new PlaygroundError('LICENCE_INVALID', `License invalid: ${error.message}`, options);
    case 'BUSY':
      return busy('Server busy', options);
    case 'DEADLINE':
    case 'CANCELLED':
      return new PlaygroundError('TIMEOUT', 'The comparison took too long', options);
    default:
      return new PlaygroundError('INTERNAL', 'Server error', options);
  }
}

/** The row for a failure of the face library over one photo; anything else as it is. */
export function toPhotoError(error: unknown, photo: Side): unknown {
  if (!(error instanceof FaceError)) return error;
  const options = { cause: error, photo };
  switch (error.code) {
    case 'IMAGE_EMPTY':
      return new PlaygroundError('PHOTO_EMPTY', `photo ${photo}: no bytes`, options);
    case 'IMAGE_UNSUPPORTED':
      return new PlaygroundError('PHOTO_UNSUPPORTED', `photo ${photo}: not supported`, options);
    case 'IMAGE_UNDECODABLE':
      return new PlaygroundError('PHOTO_DAMAGED', `photo ${photo}: damaged`, options);
    case 'IMAGE_TOO_LARGE':
      return new PlaygroundError('PHOTO_TOO_LARGE', `photo ${photo}: beyond the limits`, options);
    case 'NO_FACE':
      return new PlaygroundError('NO_FACE', `photo ${photo}: no face`, options);
    default:
      return error;
  }
}
