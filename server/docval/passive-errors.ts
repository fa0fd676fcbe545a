/** Errors of `POST /v4/validate`: code -> HTTP status, and what it stands for. */
export const PASSIVE_ERRORS = {
  INVALID_REQUEST: { http: 400, means: 'the message says which part of the form is wrong' },
  INVALID_CLIENT_ID: { http: 401, means: 'no such client' },
  UNAUTHORIZED: { http: 401, means: 'no API key, or one that is not valid' },
  FORBIDDEN: { http: 403, means: 'the API key is not for this endpoint' },
  TOO_MANY_REQUESTS: {
    http: 429,
    means: 'more often than the API key allows, or too many wrong keys; see `Retry-After`',
  },
  RESULT_NOT_ALLOWED: { http: 403, means: 'this client does not get results' },
  LICENCE_INVALID: { http: 403, means: 'the licence does not allow it; the message says why' },
  METHOD_NOT_ALLOWED: { http: 405, means: 'only POST is allowed' },
  TIMEOUT: { http: 408, means: 'the form did not arrive in time' },
  TOO_LARGE: { http: 413, means: 'the files are larger than a document can be' },
  BUSY: { http: 503, means: 'try again after `Retry-After` seconds' },
  SERVER_ERROR: { http: 500, means: 'the server failed' },
} as const;
