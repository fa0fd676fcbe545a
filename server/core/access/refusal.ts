/** How HTTP says that a caller is not let in; each API family puts it into its own words. */
import type { ServerError } from '../errors.ts';

export interface Refusal {
  readonly http: 401 | 403 | 429;
  /** For the caller. */
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Undefined for errors that are about something else. */
export function refusalOf(error: ServerError): Refusal | undefined {
  switch (error.code) {
    case 'KEY_MISSING':
      return unauthorized('An API key is needed: "Authorization: Bearer KEY" or "X-API-Key: KEY"');
    case 'KEY_REFUSED':
      return unauthorized('The API key is not valid');
    case 'SCOPE_MISSING':
      return { http: 403, message: 'The API key is not for this endpoint', headers: {} };
    case 'RATE_LIMITED':
      return later('Too many requests', error);
    case 'LOCKED_OUT':
      return later('Too many wrong attempts', error);
    default:
      return undefined;
  }
}

/** RFC 9110 15.5.2 wants the scheme named. */
function unauthorized(message: string): Refusal {
  return { http: 401, message, headers: { 'WWW-Authenticate': 'Bearer' } };
}

function later(message: string, { retryAfterS = 1 }: ServerError): Refusal {
  return { http: 429, message, headers: { 'Retry-After': String(retryAfterS) } };
}
