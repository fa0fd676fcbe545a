/** Errors of the API family, and how failures of the libraries translate into rows of its table. */
import type { ZodError } from 'zod';
import { FaceError } from '../../biometrics/errors.ts';
import { type Refusal, refusalOf } from '../core/access/refusal.ts';
import { ServerError } from '../core/errors.ts';
import { CaptureError } from './capture.ts';
import { EnvelopeError } from './envelope/error.ts';
import { ERROR_TABLE, type ErrorName } from './error-table.ts';
import type { RefidAction } from './refid.ts';

/**
 * The request field a picture came from, as the messages of table 9 spell it: `(/image/template)`, and
 * `(/template)` for the one picture that verifyWithPictureId is given.
 */
export type ImageField = '/image' | '/imageToVerifyAgainst' | '';

export class IdentyError extends Error {
  override readonly name = 'IdentyError';
  readonly feedbackCode: ErrorName;
  /** HTTP status where it differs from the table's: 405, and 503 when busy. */
  readonly http: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    feedbackCode: ErrorName,
    message: string,
    options: ErrorOptions & { http?: number; headers?: Record<string, string> } = {},
  ) {
    super(message, options);
    this.feedbackCode = feedbackCode;
    this.http = options.http ?? ERROR_TABLE[feedbackCode].http;
    this.headers = options.headers ?? {};
  }

  get code(): number {
    return ERROR_TABLE[this.feedbackCode].code;
  }
}

/** Seconds a client should wait before it tries a busy server again. */
const RETRY_AFTER_S = '1';

/** The endpoints that "Error thrown in matching API" can be said of. */
const MATCHING: ReadonlySet<RefidAction> = new Set(['MATCH121', 'VERIFY']);

/** The row for anything the use case of an action may throw. */
export function toIdentyError(error: unknown, action: RefidAction): IdentyError {
  if (error instanceof IdentyError) return error;
  if (error instanceof ServerError) return fromServerError(error, action);
  return new IdentyError('ERROR_SERVER_INTERNAL', 'Server Error', { cause: error });
}

const REFUSED: Readonly<Record<Refusal['http'], ErrorName>> = {
  401: 'ERROR_UNAUTHORIZED',
  403: 'ERROR_FORBIDDEN',
  429: 'ERROR_TOO_MANY_REQUESTS',
};

function fromServerError(error: ServerError, action: RefidAction): IdentyError {
  const options = { cause: error };
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    const { http, message, headers } = refusal;
    return new IdentyError(REFUSED[http], message, { ...options, headers });
  }
  switch (error.code) {
    case 'BODY_TOO_LARGE':
    case 'BODY_TIMEOUT':
    case 'BODY_TRUNCATED':
      return new IdentyError('ERROR_INVALID_JSON', `JSON EXCEPTION: ${error.message}`, options);
    case 'JSON_INVALID':
      return new IdentyError('ERROR_INVALID_JSON', 'JSON EXCEPTION', options);
    case 'FORM_INVALID':
      return new IdentyError(
        'ERROR_INVALID_JSON',
        `INVALID ARGUMENT EXCEPTION: ${error.message}`,
        options,
      );
    case 'BUSY':
      return new IdentyError('ERROR_SERVER_INTERNAL', 'Server busy', {
        ...options,
        http: 503,
        headers: { 'Retry-After': RETRY_AFTER_S },
      });
    case 'LICENCE_INVALID':
      return new IdentyError('LICENSE_INVALID', `License invalid: ${error.message}`, options);
    case 'REFERER_MISSING':
      return new IdentyError('ERROR_INVALID_JSON', 'Referer header not found', options);
    case 'DEADLINE':
    case 'CANCELLED':
    case 'WORKER_CRASHED':
      return MATCHING.has(action)
        ? new IdentyError('FEEDBACK_MATCHING_ERROR', 'Error thrown in matching API', options)
        : new IdentyError('ERROR_SERVER_INTERNAL', 'Server Error', options);
    default:
      return new IdentyError('ERROR_SERVER_INTERNAL', 'Server Error', options);
  }
}

/** The row for a field that a request lacks or that holds something else. */
export function missing(name: string): IdentyError {
  return new IdentyError('ERROR_INVALID_JSON', `(/${name}) is missing or of the wrong type`);
}

/** The row for a request whose JSON has another shape; names the place of the first difference. */
export function schemaMismatch({ issues: [{ path }] }: ZodError): IdentyError {
  const place = path.map((part) => `/${String(part)}`).join('');
  return new IdentyError(
    'ERROR_INVALID_JSON',
    `The input JSON does not adhere to the schema specifications: (${place || '/'}) is missing ` +
      'or of the wrong type',
  );
}

/** The row for a failure of the face library over the picture of one field. */
export function toImageError(error: unknown, field: ImageField): unknown {
  if (!(error instanceof FaceError)) return error;
  const options = { cause: error };
  switch (error.code) {
    case 'IMAGE_EMPTY':
    case 'IMAGE_UNSUPPORTED':
      return unsupportedTemplate(field, options);
    case 'IMAGE_UNDECODABLE':
      return undecodableTemplate(field, 'the picture is damaged or incomplete', options);
    case 'IMAGE_TOO_LARGE':
      return invalidImage(options);
    case 'NO_FACE':
      return new IdentyError(
        'ERROR_INVALID_IMAGE',
        `(${field}/template) No face detected`,
        options,
      );
    default:
      return error;
  }
}

export function invalidImage(options?: ErrorOptions): IdentyError {
  return new IdentyError('ERROR_INVALID_IMAGE', 'An invalid image was used', options);
}

export function unsupportedTemplate(field: ImageField, options?: ErrorOptions): IdentyError {
  return new IdentyError(
    'ERROR_INVALID_FORMAT',
    `(${field}/template) Unsupported template`,
    options,
  );
}

export function undecodableTemplate(
  field: ImageField,
  reason: string,
  options?: ErrorOptions,
): IdentyError {
  const message = `(${field}/template) unable to decode template: ${reason}`;
  return new IdentyError('ERROR_INVALID_FORMAT', message, options);
}

/** The row for a failure of the face library over a picture that is the request's only one, field `/image`. */
export function toSingleImageError(error: unknown): unknown {
  if (!(error instanceof FaceError)) return error;
  const options = { cause: error };
  switch (error.code) {
    case 'IMAGE_EMPTY':
    case 'IMAGE_UNSUPPORTED':
    case 'IMAGE_UNDECODABLE':
      return undecodableImage(options);
    case 'IMAGE_TOO_LARGE':
      return invalidImage(options);
    case 'NO_FACE':
      return new IdentyError('ERROR_INVALID_IMAGE', '(/image) No face detected', options);
    default:
      return error;
  }
}

export function undecodableImage(options?: ErrorOptions): IdentyError {
  return new IdentyError('ERROR_INVALID_FORMAT', '(/image) Could not decode image', options);
}

/**
 * The row for an envelope that is not opened. What is malformed, sealed for another key or changed looks
 * the same; only the log tells them apart.
 */
export function toEnvelopeError(error: unknown): unknown {
  if (error instanceof CaptureError) return decryptionFailed({ cause: error });
  if (!(error instanceof EnvelopeError)) return error;
  const options = { cause: error };
  if (error.code === 'EXPIRED' || error.code === 'REPLAYED') {
    return new IdentyError('ERROR_REQUEST_EXPIRED', 'The request has expired', options);
  }
  return decryptionFailed(options);
}

function decryptionFailed(options: ErrorOptions): IdentyError {
  return new IdentyError('ERROR_DECRYPTION_FAILED', 'The capture could not be decrypted', options);
}
