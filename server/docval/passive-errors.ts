/** Errors of `POST /v4/validate`: code -> HTTP status, and what it stands for. */
export const PASSIVE_ERRORS = {
  INVALID_REQUEST: { http: 400, means: 'the message says which part of the form is wrong' },
  INVALID_CLIENT_ID: { http: 401, means: 'no such client' },
  RESULT_NOT_ALLOWED: { http: 403, means: 'this client does not get results' },
  LICENCE_INVALID: { http: 403, means: 'the licence does not allow it; the message says why' },
  METHOD_NOT_ALLOWED: { http: 405, means: 'only POST is allowed' },
  TIMEOUT: { http: 408, means: 'the form did not arrive in time' },
  TOO_LARGE: { http: 413, means: 'the files are larger than a document can be' },
  BUSY: { http: 503, means: 'try again after `Retry-After` seconds' },
  SERVER_ERROR: { http: 500, means: 'the server failed' },
} as const;
