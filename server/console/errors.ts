/** Errors of the console's API: code -> HTTP status. */
import { refusalOf } from '../core/access/refusal.ts';
import { ServerError } from '../core/errors.ts';

const STATUS = {
  INVALID_REQUEST: 400,
  /** A new passkey is not one; the message says why. */
  PASSKEY_REFUSED: 400,
  /** A new password is easy to guess; the message says why. */
  PASSWORD_REFUSED: 400,
  /** Name, password, code or passkey are wrong; which, nobody is told. */
  LOGIN_FAILED: 401,
  NOT_LOGGED_IN: 401,
  /** Another site may have sent it. */
  FOREIGN_REQUEST: 403,
  NO_SUCH_PASSKEY: 404,
  METHOD_NOT_ALLOWED: 405,
  TOO_LARGE: 413,
  LOCKED_OUT: 429,
  BUSY: 503,
  SERVER_ERROR: 500,
} as const;

export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
  readonly code: keyof typeof STATUS;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: keyof typeof STATUS,
    message: string,
    options: ErrorOptions & { headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options);
    this.code = code;
    this.headers = options.headers ?? {};
  }
}

export function foreign(): ConsoleError {
  return new ConsoleError('FOREIGN_REQUEST', 'The request does not come from the console');
}

function toConsoleError(error: unknown): ConsoleError {
  if (error instanceof ConsoleError) return error;
  const options = { cause: error };
  if (error instanceof ServerError) {
    const refusal = refusalOf(error);
    if (refusal !== undefined) {
      return new ConsoleError('LOCKED_OUT', refusal.message, {
        ...options,
        headers: refusal.headers,
      });
    }
    switch (error.code) {
      case 'BODY_TOO_LARGE':
        return new ConsoleError('TOO_LARGE', error.message, options);
      case 'BODY_TIMEOUT':
      case 'BODY_TRUNCATED':
      case 'JSON_INVALID':
        return new ConsoleError('INVALID_REQUEST', error.message, options);
      case 'BUSY':
        return new ConsoleError('BUSY', 'Server busy', {
          ...options,
          headers: { 'Retry-After': '1' },
        });
    }
  }
  return new ConsoleError('SERVER_ERROR', 'Server Error', options);
}

/** @param onFault told of errors of the server itself */
export function renderConsoleError(error: unknown, onFault: (cause: unknown) => void): Response {
  const { code, message, headers, cause } = toConsoleError(error);
  if (code === 'SERVER_ERROR') onFault(cause);
  return Response.json({ error: { code, message } }, { status: STATUS[code], headers });
}
