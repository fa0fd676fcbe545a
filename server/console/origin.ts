/**
 * Whether a request can come from a page of ours: browsers say so in `Sec-Fetch-Site` (W3C Fetch Metadata), older
 * ones in `Origin` (RFC 6454). Clients that are no browsers say neither and have no cookies to be abused.
 */

export function isOwnRequest(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('origin');
  if (origin === null) return true;
  return URL.parse(origin)?.host === headers.get('host')?.toLowerCase();
}
