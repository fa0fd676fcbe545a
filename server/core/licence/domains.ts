/** Domains that a licence is bound to, and the one that a request says it comes from. */

/** Longest DNS name in text (RFC 1035 2.3.4). */
const MAX_DOMAIN = 253;

/**
 * The host of what clients send as Origin or Referer, or operators write as a domain: a URL, or a host with or
 * without a port. Lower case, international names in their ASCII form; undefined when there is none.
 */
export function hostOf(text: string): string | undefined {
  // a path alone would have its first part for a host
  if (/^[/\\]/.test(text)) return undefined;
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  const host = url?.hostname.toLowerCase().replace(/\.$/, '') ?? '';
  return host === '' || host.length > MAX_DOMAIN ? undefined : host;
}

/**
 * A domain of a licence as it is compared: a host, or `*.` and a host for everything below it.
 * @returns undefined when it is no domain
 */
export function normaliseDomain(text: string): string | undefined {
  const [wildcard, name] = text.startsWith('*.') ? ['*.', text.slice(2)] : ['', text];
  // the URL parser would take more than a host for one
  if (!/^(?:[^\s/?#@:*\\[\]%]+|\[[0-9a-f:.]+\])$/i.test(name)) return undefined;
  const host = hostOf(name);
  return host === undefined ? undefined : wildcard + host;
}

/** The domain of a licence that a host belongs to. `*.example.org` has its subdomains, not itself. */
export function licensedDomain(domains: readonly string[], host: string): string | undefined {
  return domains.find((domain) =>
    domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : host === domain
  );
}

/** Hosts that a request names as where it comes from: of its Origin and its Referer. */
export function hostsOf(headers: Headers): string[] {
  return ['origin', 'referer'].flatMap((name) => {
    const value = headers.get(name) ?? 'null';
    // browsers send the word for origins that they do not tell (RFC 6454 7.3)
    return value === 'null' ? [] : hostOf(value) ?? [];
  });
}
