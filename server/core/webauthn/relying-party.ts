/** The relying party of WebAuthn: the one origin that passkeys are for, and its host as their RP ID (5.1.2). */
import { isLoopback } from '../http/loopback.ts';

export interface RelyingParty {
  /** As browsers write it: scheme, host and, where it is not the usual one, port. */
  readonly origin: string;
  readonly id: string;
}

/**
 * The relying party of an origin; undefined for what browsers have no passkeys for: addresses, which are no
 * domains, and plain HTTP elsewhere than on `localhost` (W3C Secure Contexts 3.1).
 */
export function relyingPartyOf(origin: string): RelyingParty | undefined {
  const url = URL.parse(origin);
  if (url === null || url.origin.toLowerCase() !== origin.toLowerCase()) return undefined;
  const { protocol, hostname: id } = url;
  if (protocol !== 'https:' && !(protocol === 'http:' && id === 'localhost')) return undefined;
  // the parser of URLs turns every way to write an IPv4 address into this one
  if (id.startsWith('[') || /^[\d.]+$/.test(id) || id.endsWith('.')) return undefined;
  return { origin: url.origin, id };
}

/** What there is without a setting: where a browser on this machine finds a server that others do not. */
export function localRelyingParty(
  { host, port, https }: { readonly host: string; readonly port: number; readonly https: boolean },
): RelyingParty | undefined {
  if (!isLoopback(host) || port === 0) return undefined;
  return relyingPartyOf(new URL(`${https ? 'https' : 'http'}://localhost:${port}`).origin);
}
