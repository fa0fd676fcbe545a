/** IDENTY Web Server 6, table 9: name -> code in the body, HTTP status, and what it stands for. */
export const ERROR_TABLE = {
  ERROR_SERVER_INTERNAL: { code: 500, http: 500, means: 'the server failed; with 503, it is busy' },
  FEEDBACK_MATCHING_ERROR: { code: 500, http: 500, means: 'not finished in time' },
  ERROR_INVALID_JSON: {
    code: 501,
    http: 400,
    means: 'a field is missing or of another type; the body cannot be read',
  },
  ERROR_INVALID_IMAGE: {
    code: 503,
    http: 400,
    means: 'no face, too large a picture, or a capture that is no JPEG',
  },
  ERROR_INVALID_FORMAT: { code: 504, http: 400, means: 'no picture that can be decoded' },
  ERROR_INVALID_MATCH_LEVEL: { code: 505, http: 400, means: 'an unknown level of matching' },
  ERROR_INVALID_AS_LEVEL: { code: 506, http: 400, means: 'an unknown level of liveness' },
  NO_TEMPLATES_SPECIFIED: { code: 507, http: 400, means: 'the capture asks for no template' },
  ERROR_MULTIPLE_FACES: { code: 509, http: 400, means: 'more than one face' },
  ERROR_POOR_ICAO_QUALITY: { code: 510, http: 400, means: 'the message says which check failed' },
  // clients of the API know the code; table 9 has no row for it
  LICENSE_INVALID: {
    code: 600,
    http: 403,
    means: 'the licence does not allow it; the message says why',
  },
  // ours: the documented server lets everybody in
  ERROR_UNAUTHORIZED: { code: 611, http: 401, means: 'no API key, or one that is not valid' },
  ERROR_FORBIDDEN: { code: 612, http: 403, means: 'the API key is not for this endpoint' },
  ERROR_TOO_MANY_REQUESTS: {
    code: 613,
    http: 429,
    means: 'more often than the API key allows, or too many wrong keys; see `Retry-After`',
  },
  ERROR_DECRYPTION_FAILED: { code: 601, http: 400, means: 'the capture does not open' },
  ERROR_REQUEST_EXPIRED: {
    code: 604,
    http: 500,
    means: 'the capture was packed over two minutes ago, or was sent before',
  },
  ERROR_WRONG_RESOLUTION: { code: 901, http: 400, means: 'the picture is not 480 x 640' },
} as const;

export type ErrorName = keyof typeof ERROR_TABLE;

export const ERROR_NAMES = Object.keys(ERROR_TABLE) as [ErrorName, ...ErrorName[]];
