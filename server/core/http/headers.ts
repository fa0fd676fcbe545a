/** Headers every answer carries, and headers of a request that may go into a log line. */

/** Strictest settings; a handler that serves pages sets its own policy first and that one stays. */
const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  [
    'Content-Security-Policy',
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Cache-Control', 'no-store'],
];

/**
 * RFC 6797: for a year browsers come by TLS only, to names below this one as well, and users cannot click a
 * wrong certificate away.
 */
const HTTPS_ONLY = ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'] as const;

/**
 * Adds each security header the response does not set itself.
 * @param https whether the port speaks TLS
 */
export function addSecurityHeaders(headers: Headers, https = false): void {
  for (const [name, value] of https ? [...SECURITY_HEADERS, HTTPS_ONLY] : SECURITY_HEADERS) {
    if (!headers.has(name)) headers.set(name, value);
  }
}

const MAX_REQUEST_ID = 128;

/** The `requestID` header reduced to at most 128 visible ASCII characters; undefined when none are left. */
export function requestIdOf(headers: Headers): string | undefined {
  const value = headers.get('requestID')?.replace(/[^\x21-\x7e]/g, '').slice(0, MAX_REQUEST_ID);
  return value === '' ? undefined : value;
}
