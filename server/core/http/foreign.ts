/**
 * Requests that a page of another origin makes a browser send (W3C Fetch Metadata). It could not read the answer,
 * but work would be done, and billed, in the name of whoever sits there: by this machine's address where no key
 * is asked for, or by a client certificate, which browsers show unasked. Programs send no such header, whatever
 * Origin they name for the licence.
 */

/** @param origins whose pages may ask; `*` for all */
export function isForeign(headers: Headers, origins: readonly string[]): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== 'cross-site' && site !== 'same-site') return false;
  return !origins.includes('*') && !origins.includes(headers.get('origin') ?? '');
}
