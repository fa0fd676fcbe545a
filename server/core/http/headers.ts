/** Headers every answer carries, and headers of a request that may go into a log line. */

/** Strictest settings; a handler that serves pages sets its own policy first and that one stays. */
const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Cache-Control', 'no-store'],
];

/** Adds each security header the response does not set itself. */
export function addSecurityHeaders(headers: Headers): void {
  for (const [name, value] of SECURITY_HEADERS) {
    if (!headers.has(name)) headers.set(name, value);
  }
}

const MAX_REQUEST_ID = 128;

/** The `requestID` header reduced to at most 128 visible ASCII characters; undefined when none are left. */
export function requestIdOf(headers: Headers): string | undefined {
  const value = headers.get('requestID')?.replace(/[^\x21-\x7e]/g, '').slice(0, MAX_REQUEST_ID);
  return value === '' ? undefined : value;
}
